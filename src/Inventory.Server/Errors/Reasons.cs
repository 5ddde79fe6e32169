namespace Inventory.Server.Errors;

/// <summary>The reasons of <c>google.rpc.ErrorInfo</c>, domain "inventory". Programs compare them: none is ever renamed.</summary>
internal static class Reasons
{
    public const string FieldInvalid = "FIELD_INVALID";
    public const string DatabaseUnavailable = "DATABASE_UNAVAILABLE";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";
    public const string Cancelled = "CANCELLED";
    public const string Draining = "DRAINING";
    public const string Internal = "INTERNAL";
}
