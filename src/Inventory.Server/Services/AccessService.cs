using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineKey = Inventory.Engine.Access.ApiKey;
using EngineList = Inventory.Engine.Access.ListApiKeys;
using EngineMutations = Inventory.Engine.Access.ListMutations;
using EngineRefusals = Inventory.Engine.Access.ListRefusals;
using EngineRevokeKey = Inventory.Engine.Access.RevokeApiKey;
using EngineRevokeToken = Inventory.Engine.Access.RevokeToken;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class AccessService(
    EngineList list,
    EngineRevokeKey revokeKey,
    EngineRevokeToken revokeToken,
    EngineMutations mutations,
    EngineRefusals refusals,
    TimeProvider time
) : V1.AccessService.AccessServiceBase
{
    public override async Task<ListApiKeysResponse> ListApiKeys(ListApiKeysRequest request, ServerCallContext context)
    {
        var keys = await list.ExecuteAsync(ended: true, context.CancellationToken);
        return new() { Keys = { keys.Select(ToWire) } };
    }

    public override async Task<RevokeApiKeyResponse> RevokeApiKey(
        RevokeApiKeyRequest request,
        ServerCallContext context
    )
    {
        if (AccessRules.Check(request) is { } wrong)
        {
            return context.Refuse<RevokeApiKeyResponse>(wrong);
        }

        var name = await revokeKey.ExecuteAsync(request.ApiKeyId, Callers.Of(context), context.CancellationToken);
        return name is null
            ? context.Refuse<RevokeApiKeyResponse>(
                CommonErrors.NotFound(Reasons.ApiKeyUnknown, "api_key", $"{request.ApiKeyId}")
            )
            : new() { Name = name };
    }

    public override async Task<RevokeTokenResponse> RevokeToken(RevokeTokenRequest request, ServerCallContext context)
    {
        if (AccessRules.Check(request, time.GetUtcNow()) is { } wrong)
        {
            return context.Refuse<RevokeTokenResponse>(wrong);
        }

        await revokeToken.ExecuteAsync(
            request.TokenId,
            request.ExpireTime.ToDateTime(),
            Callers.Of(context),
            context.CancellationToken
        );
        return new();
    }

    public override async Task<ListMutationsResponse> ListMutations(
        ListMutationsRequest request,
        ServerCallContext context
    )
    {
        if (AccessRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListMutationsResponse>(wrong);
        }

        var page = await mutations.ExecuteAsync(
            AuditMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return page is null
            ? context.Refuse<ListMutationsResponse>(WarehouseErrors.PageTokenInvalid()!)
            : AuditMessages.ToWire(page);
    }

    public override async Task<ListRefusalsResponse> ListRefusals(
        ListRefusalsRequest request,
        ServerCallContext context
    )
    {
        if (AccessRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListRefusalsResponse>(wrong);
        }

        var page = await refusals.ExecuteAsync(
            AuditMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return page is null
            ? context.Refuse<ListRefusalsResponse>(WarehouseErrors.PageTokenInvalid()!)
            : AuditMessages.ToWire(page);
    }

    private static ApiKey ToWire(EngineKey key) =>
        new()
        {
            ApiKeyId = key.ApiKeyId,
            Name = key.Name,
            Scopes = { key.Scopes },
            Roles = { key.Roles },
            Warehouses = { key.Warehouses ?? [] },
            Limited = key.Warehouses is not null,
            CreateTime = ToWire(key.CreatedAt),
            Creator = key.CreatedBy,
            ExpireTime = ToWire(key.ExpiresAt),
            RevokeTime = ToWire(key.RevokedAt),
            Revoker = key.RevokedBy ?? "",
            LastUseTime = ToWire(key.LastUsedAt),
        };

    private static Timestamp? ToWire(DateTime? at) =>
        at is { } known ? Timestamp.FromDateTime(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
