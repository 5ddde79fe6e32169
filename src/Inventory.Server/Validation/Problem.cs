namespace Inventory.Server.Validation;

/// <summary>What is wrong with one field.</summary>
/// <param name="Reason">
/// For programs: REQUIRED, TOO_LONG, CHARACTERS, OUT_OF_RANGE, FORMAT, UNKNOWN_VALUE, UNKNOWN_FIELD or
/// CONFLICT.
/// </param>
/// <param name="Description">For people: the end of a sentence that begins with the field.</param>
internal sealed record Problem(string Reason, string Description)
{
    public static readonly Problem Required = new("REQUIRED", "is required");

    public static readonly Problem NotUtf8 = new("CHARACTERS", "is not valid UTF-8");

    public static readonly Problem Control = new("CHARACTERS", "contains a control character");

    public static readonly Problem NotPrintable = new("CHARACTERS", "contains a character that is not printable ASCII");

    public static readonly Problem UnknownValue = new("UNKNOWN_VALUE", "is no value of this version");

    public static readonly Problem UnknownParameter = new("UNKNOWN_FIELD", "is no parameter of this request");

    public static Problem TooLong(int max) => new("TOO_LONG", $"has more than {max} characters");

    public static Problem OutOfRange(string range) => new("OUT_OF_RANGE", $"must be {range}");

    public static Problem Format(string format) => new("FORMAT", $"must be {format}");

    public static Problem Conflict(string with) => new("CONFLICT", with);
}
