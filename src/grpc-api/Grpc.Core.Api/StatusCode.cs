namespace Grpc.Core;

/// <summary>The result of a call. The numbers are those of the wire.</summary>
public enum StatusCode
{
    /// <summary>Not an error.</summary>
    OK = 0,

    /// <summary>Cancelled, as a rule by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error that says too little to be anything else.</summary>
    Unknown = 2,

    /// <summary>An argument that is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first; the operation may have succeeded all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 5,

    /// <summary>What was to be made is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a queue or a disk is full.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the operation needs; repeating it alone does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>Stopped by something that ran at the same time; repeating a larger part helps.</summary>
    Aborted = 10,

    /// <summary>Past the valid range, in a state that may yet change.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such operation.</summary>
    Unimplemented = 12,

    /// <summary>Something that must hold does not.</summary>
    Internal = 13,

    /// <summary>Away for now; repeat with a pause.</summary>
    Unavailable = 14,

    /// <summary>Lost or corrupt data that does not come back.</summary>
    DataLoss = 15,

    /// <summary>No valid credentials came with the call.</summary>
    Unauthenticated = 16,
}
