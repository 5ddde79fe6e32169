using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Users;
using Inventory.Server.Errors;
using Inventory.Server.Security.Users;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineCreate = Inventory.Engine.Users.CreateUser;
using EngineList = Inventory.Engine.Users.ListUsers;
using EngineUpdate = Inventory.Engine.Users.UpdateUser;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class UserService(
    EngineCreate create,
    EngineList list,
    EngineUpdate update,
    ResetPassword reset,
    Passwords passwords
) : V1.UserService.UserServiceBase
{
    public override async Task<CreateUserResponse> CreateUser(CreateUserRequest request, ServerCallContext context)
    {
        if (UserRules.Check(request) is { } wrong)
        {
            return context.Refuse<CreateUserResponse>(wrong);
        }

        var password = OneTimePassword.Make();
        if (await HashAsync(password, context) is not { } hash)
        {
            return context.Refuse<CreateUserResponse>(Faults.Overloaded);
        }

        var asked = new NewUser
        {
            From = From(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Name = request.Name,
            PasswordHash = hash,
            Roles = [.. request.Roles],
            Warehouses = request.Warehouses.Count == 0 ? null : [.. request.Warehouses],
        };
        var answer = await create.ExecuteAsync(asked, context.CancellationToken);
        return UserErrors.Of(answer, asked.Name, asked.RequestId) is { } refusal
            ? context.Refuse<CreateUserResponse>(refusal)
            : new()
            {
                User = ToWire(answer.User!),
                OneTimePassword = answer.Outcome == UserOutcome.Done ? password : "",
                Replayed = answer.Outcome == UserOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ListUsersResponse> ListUsers(ListUsersRequest request, ServerCallContext context)
    {
        if (UserRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListUsersResponse>(wrong);
        }

        var answer = await list.ExecuteAsync(
            request.HasDisabled ? request.Disabled : null,
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return UserErrors.Of(answer) is { } refusal
            ? context.Refuse<ListUsersResponse>(refusal)
            : new() { Users = { answer.Users.Select(ToWire) }, NextPageToken = answer.NextPageToken ?? "" };
    }

    public override async Task<UpdateUserResponse> UpdateUser(UpdateUserRequest request, ServerCallContext context)
    {
        if (UserRules.Check(request) is { } wrong)
        {
            return context.Refuse<UpdateUserResponse>(wrong);
        }

        var fields = UserRules.FieldsOf(request);
        var asked = new UserEdit
        {
            From = From(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            Name = request.Name,
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Roles = fields.Contains(UserRules.Roles) ? [.. request.Roles] : null,
            SetsWarehouses = fields.Contains(UserRules.Warehouses),
            Warehouses =
                fields.Contains(UserRules.Warehouses) && request.Warehouses.Count > 0 ? [.. request.Warehouses] : null,
            Disabled = fields.Contains(UserRules.Disabled) ? request.Disabled : null,
        };
        var answer = await update.ExecuteAsync(asked, context.CancellationToken);
        return UserErrors.Of(answer, asked.Name, asked.RequestId) is { } refusal
            ? context.Refuse<UpdateUserResponse>(refusal)
            : new()
            {
                User = ToWire(answer.User!),
                Replayed = answer.Outcome == UserOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ResetUserPasswordResponse> ResetUserPassword(
        ResetUserPasswordRequest request,
        ServerCallContext context
    )
    {
        if (UserRules.Check(request) is { } wrong)
        {
            return context.Refuse<ResetUserPasswordResponse>(wrong);
        }

        var password = OneTimePassword.Make();
        if (await HashAsync(password, context) is not { } hash)
        {
            return context.Refuse<ResetUserPasswordResponse>(Faults.Overloaded);
        }

        var requestId = RequestIds.OrMade(request.RequestId);
        var answer = await reset.ExecuteAsync(request.Name, hash, requestId, From(context), context.CancellationToken);
        return UserErrors.Of(answer, request.Name, requestId) is { } refusal
            ? context.Refuse<ResetUserPasswordResponse>(refusal)
            : new()
            {
                User = ToWire(answer.User!),
                OneTimePassword = answer.Outcome == UserOutcome.Done ? password : "",
                Replayed = answer.Outcome == UserOutcome.Replayed,
                RequestId = requestId,
            };
    }

    private async Task<string?> HashAsync(string password, ServerCallContext context)
    {
        using var turn = await passwords.EnterAsync(context.CancellationToken);
        return turn is null ? null : Passwords.Hash(password);
    }

    private static ActedFrom From(ServerCallContext context) =>
        Acting.From(context.GetHttpContext(), Callers.Of(context));

    private static User ToWire(UserAccount user) =>
        new()
        {
            Name = user.Name,
            Roles = { user.Roles },
            Warehouses = { user.Warehouses ?? [] },
            Disabled = user.DisabledAt is not null,
            MustChangePassword = user.MustChange,
            LockEndTime = ToWire(user.LockedUntil),
            LastSignInTime = ToWire(user.LastSignInAt),
            Version = user.Revision,
            CreateTime = ToWire(user.CreatedAt),
            Creator = user.CreatedBy,
            UpdateTime = ToWire(user.UpdatedAt),
            Updater = user.UpdatedBy,
        };

    private static Timestamp? ToWire(DateTime? at) =>
        at is { } known ? Timestamp.FromDateTime(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
