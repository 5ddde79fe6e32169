namespace Inventory.Server.Errors;

/// <summary>
/// The reasons of <c>google.rpc.ErrorInfo</c>, domain "inventory". Programs compare them: none is ever renamed.
/// </summary>
internal static class Reasons
{
    public const string FieldInvalid = "FIELD_INVALID";
    public const string MessageMalformed = "MESSAGE_MALFORMED";
    public const string RequestIdReused = "REQUEST_ID_REUSED";
    public const string SkuUnknown = "SKU_UNKNOWN";
    public const string WarehouseUnknown = "WAREHOUSE_UNKNOWN";
    public const string ReservationUnknown = "RESERVATION_UNKNOWN";
    public const string ItemDiscontinued = "ITEM_DISCONTINUED";
    public const string WarehouseInactive = "WAREHOUSE_INACTIVE";
    public const string InsufficientStock = "INSUFFICIENT_STOCK";
    public const string ReservationExpired = "RESERVATION_EXPIRED";
    public const string ReservationState = "RESERVATION_STATE";
    public const string ReservationQuantity = "RESERVATION_QUANTITY";
    public const string StockUnknown = "STOCK_UNKNOWN";
    public const string VersionConflict = "VERSION_CONFLICT";
    public const string OnHandLimit = "ON_HAND_LIMIT";
    public const string SkuTaken = "SKU_TAKEN";
    public const string BarcodeTaken = "BARCODE_TAKEN";
    public const string WarehouseCodeTaken = "WAREHOUSE_CODE_TAKEN";
    public const string ItemUnknown = "ITEM_UNKNOWN";
    public const string StockRemains = "STOCK_REMAINS";
    public const string TransferUnknown = "TRANSFER_UNKNOWN";
    public const string TransferState = "TRANSFER_STATE";
    public const string TransferQuantity = "TRANSFER_QUANTITY";
    public const string CountUnknown = "COUNT_UNKNOWN";
    public const string CountState = "COUNT_STATE";
    public const string NotInCount = "NOT_IN_COUNT";
    public const string LineApproved = "LINE_APPROVED";
    public const string VerificationUnknown = "VERIFICATION_UNKNOWN";
    public const string LevelsContradict = "LEVELS_CONTRADICT";
    public const string NotAKit = "NOT_A_KIT";
    public const string ItemIsKit = "ITEM_IS_KIT";
    public const string PartOfKit = "PART_OF_KIT";
    public const string VerificationRuns = "VERIFICATION_RUNS";
    public const string BodyUnreadable = "BODY_UNREADABLE";
    public const string ContentTypeUnsupported = "CONTENT_TYPE_UNSUPPORTED";
    public const string TokenTooOld = "TOKEN_TOO_OLD";
    public const string TooManyWatchers = "TOO_MANY_WATCHERS";
    public const string TooManyReservations = "TOO_MANY_RESERVATIONS";
    public const string EraOver = "ERA_OVER";
    public const string Overloaded = "OVERLOADED";
    public const string HoldLimit = "HOLD_LIMIT";
    public const string DatabaseUnavailable = "DATABASE_UNAVAILABLE";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";
    public const string Cancelled = "CANCELLED";
    public const string Draining = "DRAINING";
    public const string Internal = "INTERNAL";
    public const string RouteUnknown = "ROUTE_UNKNOWN";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string MediaType = "MEDIA_TYPE";
    public const string BodyTooLarge = "BODY_TOO_LARGE";
    public const string CredentialsMissing = "CREDENTIALS_MISSING";
    public const string CredentialsInvalid = "CREDENTIALS_INVALID";
    public const string CredentialsExpired = "CREDENTIALS_EXPIRED";
    public const string CredentialsUnjudged = "CREDENTIALS_UNJUDGED";
    public const string RateLimited = "RATE_LIMITED";
    public const string ScopeMissing = "SCOPE_MISSING";
    public const string ApiKeyUnknown = "API_KEY_UNKNOWN";
    public const string AccessUndeclared = "ACCESS_UNDECLARED";
    public const string WarehouseNotPermitted = "WAREHOUSE_NOT_PERMITTED";
}
