namespace Inventory.Server.Csv;

/// <summary>
/// Text in a cell of a spreadsheet. What begins as a formula would be run as one by whoever opens the file, so it goes
/// out behind an apostrophe, which spreadsheets read as "this is text" (OWASP, CSV Injection). An apostrophe that was
/// there is doubled: what an export wrote, an import reads as it was.
/// </summary>
internal static class SheetText
{
    public const char Apostrophe = '\'';

    /// <summary>What a formula begins with.</summary>
    public const string FormulaCharacters = "=@+-\t\r";

    /// <summary>As it goes out: the writer puts the apostrophe before formulas, and this before apostrophes.</summary>
    public static string Write(string text) => text.StartsWith(Apostrophe) ? $"{Apostrophe}{text}" : text;

    /// <summary>As it was meant.</summary>
    public static string Read(string cell) =>
        cell.Length > 1
        && cell[0] == Apostrophe
        && (cell[1] == Apostrophe || FormulaCharacters.Contains(cell[1], StringComparison.Ordinal))
            ? cell[1..]
            : cell;
}
