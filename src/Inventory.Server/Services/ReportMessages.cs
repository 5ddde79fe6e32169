using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Reports;
using Inventory.V1;
using EngineKind = Inventory.Engine.Reports.ReportKind;
using EngineType = Inventory.Engine.Reports.ReportColumnType;
using ReportColumn = Inventory.V1.ReportColumn;
using ReportColumnType = Inventory.V1.ReportColumnType;
using ReportHead = Inventory.V1.ReportHead;
using ReportKind = Inventory.V1.ReportKind;
using ReportRows = Inventory.V1.ReportRows;

namespace Inventory.Server.Services;

/// <summary>Reports between the wire and the engine.</summary>
internal static class ReportMessages
{
    /// <param name="request">Valid.</param>
    public static ReportQuery ToEngine(RunReportRequest request) =>
        new()
        {
            // Both are numbered alike, and a test holds them to it.
            Kind = (EngineKind)request.Report,
            From = request.StartTime?.ToDateTime(),
            Before = request.EndTime?.ToDateTime(),
            Warehouses = [.. request.Warehouses.Distinct()],
            Category = StockMessages.NullIfEmpty(request.Category),
            Limit = request.Limit == 0 ? null : request.Limit,
        };

    public static RunReportResponse ToWire(Engine.Reports.ReportHead head, ReportKind report) =>
        new()
        {
            Head = new ReportHead
            {
                Report = report,
                Columns = { head.Columns.Select(c => new ReportColumn { Name = c.Name, Type = ToWire(c.Type) }) },
                StartTime = Timestamp.FromDateTime(head.From),
                EndTime = Timestamp.FromDateTime(head.Before),
                AsOf = Timestamp.FromDateTime(head.AsOf),
            },
        };

    public static RunReportResponse ToWire(Engine.Reports.ReportRows rows) =>
        new() { Rows = new ReportRows { Rows = { rows.Rows.Select(r => new ReportRow { Cells = { r } }) } } };

    private static ReportColumnType ToWire(EngineType type) =>
        type switch
        {
            EngineType.Text => ReportColumnType.Text,
            EngineType.WholeNumber => ReportColumnType.Integer,
            EngineType.DecimalNumber => ReportColumnType.Decimal,
            EngineType.Time => ReportColumnType.Time,
            EngineType.Flag => ReportColumnType.Flag,
            EngineType.Day => ReportColumnType.Day,
        };
}
