using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Access;
using Inventory.V1;
using AccessRefusal = Inventory.V1.AccessRefusal;
using Mutation = Inventory.V1.Mutation;

namespace Inventory.Server.Services;

/// <summary>What was written down of changes and refusals, as messages.</summary>
internal static class AuditMessages
{
    public static MutationFilter ToEngine(ListMutationsRequest request) =>
        new()
        {
            Actor = Given(request.Actor),
            Operation = Given(request.Operation),
            Target = Given(request.Target),
            Trace = Given(request.TraceId) is { } trace ? Guid.ParseExact(trace, "N") : null,
            From = request.StartTime?.ToDateTime(),
            Before = request.EndTime?.ToDateTime(),
        };

    public static RefusalFilter ToEngine(ListRefusalsRequest request) =>
        new()
        {
            Caller = Given(request.Caller),
            Reason = Given(request.Reason),
            Address = Given(request.Address),
            Trace = Given(request.CorrelationId),
            From = request.StartTime?.ToDateTime(),
            Before = request.EndTime?.ToDateTime(),
        };

    public static ListMutationsResponse ToWire(MutationPage page) =>
        new()
        {
            Mutations =
            {
                page.Mutations.Select(m => new Mutation
                {
                    Time = Timestamp.FromDateTime(m.At),
                    Operation = m.Operation,
                    Target = m.Target,
                    Actor = m.Actor,
                    Scope = m.Scope ?? "",
                    Address = m.Address ?? "",
                    TraceId = m.Trace?.ToString("N") ?? "",
                }),
            },
            NextPageToken = page.NextPageToken ?? "",
        };

    public static ListRefusalsResponse ToWire(RefusalPage page) =>
        new()
        {
            Refusals =
            {
                page.Refusals.Select(r => new AccessRefusal
                {
                    Time = Timestamp.FromDateTime(r.At),
                    Caller = r.Caller ?? "",
                    Reason = r.Reason,
                    Scope = r.Scope ?? "",
                    Target = r.Target,
                    Address = r.Address,
                    CorrelationId = r.Trace,
                }),
            },
            NextPageToken = page.NextPageToken ?? "",
        };

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
