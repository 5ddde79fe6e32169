using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Inventory.Server.Errors;

/// <summary>
/// Details travel in a trailer, and clients bound their headers: Java's gRPC at 8 KiB with everything, in base64. An
/// error that a client cannot receive says nothing, so a long list is cut and says how much is missing.
/// </summary>
internal static class DetailLimit
{
    private const int BytesMax = 4_096;

    /// <summary>Where each thing has a detail of its own.</summary>
    public const int ResourcesMax = 25;

    /// <param name="violations">Cut in place.</param>
    /// <param name="rest">Makes the last entry, from the number of those that are left out.</param>
    public static void Apply<T>(RepeatedField<T> violations, Func<int, T> rest)
        where T : IMessage<T>
    {
        var size = 0;
        for (var kept = 0; kept < violations.Count; kept++)
        {
            size += violations[kept].CalculateSize();
            if (size > BytesMax)
            {
                var missing = violations.Count - kept;
                while (violations.Count > kept)
                {
                    violations.RemoveAt(violations.Count - 1);
                }

                violations.Add(rest(missing));
                return;
            }
        }
    }
}
