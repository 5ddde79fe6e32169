namespace Inventory.Server.Validation;

/// <summary>Rules for lists that are read page by page.</summary>
internal static class PageRules
{
    public const int DefaultSize = 50;

    /// <summary>A place may hold a name of 200 characters, of four bytes each at most, in base64.</summary>
    private const int TokenLengthMax = 2_000;

    public static readonly Problem BadToken = Problem.Format("a next_page_token of the same list, filter and order");

    public static void Check(int pageSize, int sizeMax, string pageToken, ref Violations violations)
    {
        var fits = pageSize >= 0 && pageSize <= sizeMax;
        violations.Add("page_size", fits ? null : Problem.OutOfRange($"0 to {sizeMax}"));
        violations.Add("page_token", TextRules.Optional(pageToken, TokenLengthMax));
    }

    /// <param name="orderBy">Empty for the default.</param>
    /// <param name="orders">All that there are.</param>
    public static Problem? Order(string orderBy, IReadOnlyList<string> orders) =>
        orderBy.Length == 0 || orders.Contains(orderBy)
            ? null
            : new Problem("UNKNOWN_VALUE", $"is none of {string.Join(", ", orders)}");

    public static int Size(int pageSize) => pageSize == 0 ? DefaultSize : pageSize;
}
