using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Inventory.Server.Errors;

/// <summary>Errors that several services give, each with the detail type that belongs to its status.</summary>
internal static class CommonErrors
{
    public const string ItemType = "item";
    public const string WarehouseType = "warehouse";
    public const string InventoryType = "inventory";

    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    /// <param name="type">What is not there.</param>
    /// <param name="names">One or more, as they were asked for.</param>
    public static ApiError NotFound(string reason, string type, params IEnumerable<string> names)
    {
        var distinct = names.Distinct().ToArray();
        var details = new List<IMessage>();
        foreach (var name in distinct.Take(DetailLimit.ResourcesMax))
        {
            details.Add(
                new ResourceInfo
                {
                    ResourceType = type,
                    ResourceName = name,
                    Description = "is not known",
                }
            );
        }

        return new(
            StatusCode.NotFound,
            reason,
            distinct.Length == 1
                ? $"There is no {type} {distinct[0]}."
                : $"There is no {type} {distinct[0]}, and {distinct.Length - 1} more are not known.",
            [new(type, distinct[0])],
            [.. details]
        );
    }

    public static ApiError SkuUnknown(params IEnumerable<string> skus) => NotFound(Reasons.SkuUnknown, ItemType, skus);

    public static ApiError WarehouseUnknown(params IEnumerable<string> warehouses) =>
        NotFound(Reasons.WarehouseUnknown, WarehouseType, warehouses);

    public static ApiError AlreadyExists(string reason, string type, params IEnumerable<string> names)
    {
        var taken = names.ToArray();
        var details = new List<IMessage>();
        foreach (var name in taken)
        {
            details.Add(
                new ResourceInfo
                {
                    ResourceType = type,
                    ResourceName = name,
                    Description = "is taken",
                }
            );
        }

        return new(
            StatusCode.AlreadyExists,
            reason,
            $"The {type} {string.Join(", ", taken)} is taken.",
            [new(type, taken[0])],
            [.. details]
        );
    }

    public static ApiError RequestIdReused(string requestId) =>
        new(
            StatusCode.AlreadyExists,
            Reasons.RequestIdReused,
            $"Request id {requestId} was used for other content.",
            details: new ResourceInfo
            {
                ResourceType = "request",
                ResourceName = requestId,
                Description = "was used for other content",
            }
        );

    /// <param name="subject">What was to be edited.</param>
    /// <param name="current">The version that it has now.</param>
    public static ApiError VersionConflict(string subject, long current)
    {
        var version = current.ToString(CultureInfo.InvariantCulture);
        return new(
            StatusCode.Aborted,
            Reasons.VersionConflict,
            $"{subject} has version {version} by now. Read it, and edit what is there.",
            [new("current_version", version)]
        );
    }

    public static ApiError Precondition(
        string reason,
        string subject,
        string description,
        params KeyValuePair<string, string>[] metadata
    ) =>
        new(
            StatusCode.FailedPrecondition,
            reason,
            $"{subject} {description}.",
            metadata,
            new PreconditionFailure
            {
                Violations =
                {
                    new PreconditionFailure.Types.Violation
                    {
                        Type = reason,
                        Subject = subject,
                        Description = description,
                    },
                },
            }
        );

    /// <summary>One violation a subject, as many as fit.</summary>
    public static ApiError Preconditions(string reason, IReadOnlyList<string> subjects, string description)
    {
        var failure = new PreconditionFailure();
        foreach (var subject in subjects.Take(DetailLimit.ResourcesMax))
        {
            failure.Violations.Add(
                new PreconditionFailure.Types.Violation
                {
                    Type = reason,
                    Subject = subject,
                    Description = description,
                }
            );
        }

        var more = subjects.Count == 1 ? "" : $", and {subjects.Count - 1} more";
        return new(StatusCode.FailedPrecondition, reason, $"{subjects[0]} {description}{more}.", [], failure);
    }
}
