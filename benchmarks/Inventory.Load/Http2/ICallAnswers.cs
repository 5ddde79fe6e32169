namespace Inventory.Load.Http2;

/// <summary>Told what comes back, on the thread that reads.</summary>
internal interface ICallAnswers
{
    /// <param name="message">Valid until it returns.</param>
    void Message(Call call, ReadOnlySpan<byte> message);

    /// <param name="grpcStatus">-1 when the server gave none.</param>
    void End(Call call, int grpcStatus, string grpcMessage);
}
