using Inventory.Engine.Access;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of AccessService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class AccessRules
{
    private const int TokenIdLengthMax = 200;
    private const int TargetLengthMax = 200;
    private const int CorrelationLengthMax = 128;

    /// <summary>A token's issuer and subject may be long.</summary>
    private const int CallerLengthMax = 512;

    private static readonly TimeSpan TokenLifeMax = TimeSpan.FromDays(31);

    private static readonly Problem NoKey = new("OUT_OF_RANGE", "must be 1 or more");
    private static readonly Problem TooFar = new("OUT_OF_RANGE", "is more than 31 days from now");

    public static ApiError? Check(RevokeApiKeyRequest request)
    {
        var violations = new Violations();
        violations.Add("api_key_id", request.ApiKeyId >= 1 ? null : NoKey);
        return violations.Error;
    }

    public static ApiError? Check(RevokeTokenRequest request, DateTimeOffset now)
    {
        var violations = new Violations();
        violations.Add("token_id", TextRules.Required(request.TokenId, TokenIdLengthMax));
        var problem = request.ExpireTime is null ? Problem.Required : TimeRules.Valid(request.ExpireTime);
        violations.Add(
            "expire_time",
            problem ?? (request.ExpireTime!.ToDateTimeOffset() > now + TokenLifeMax ? TooFar : null)
        );
        return violations.Error;
    }

    public static ApiError? Check(ListMutationsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListMutations.PageSizeMax, request.PageToken, ref violations);
        violations.Add("actor", TextRules.Optional(request.Actor, CallerLengthMax));
        violations.Add("operation", TextRules.Optional(request.Operation, TextRules.KeyLengthMax));
        violations.Add("target", TextRules.Optional(request.Target, TargetLengthMax));
        violations.Add("trace_id", TextRules.TraceId(request.TraceId));
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
    }

    public static ApiError? Check(ListRefusalsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListRefusals.PageSizeMax, request.PageToken, ref violations);
        violations.Add("caller", TextRules.Optional(request.Caller, CallerLengthMax));
        violations.Add("reason", TextRules.Optional(request.Reason, TextRules.KeyLengthMax));
        violations.Add("address", TextRules.Optional(request.Address, TextRules.KeyLengthMax));
        violations.Add("correlation_id", TextRules.Optional(request.CorrelationId, CorrelationLengthMax));
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
    }
}
