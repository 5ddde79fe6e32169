using System.Text.Json;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Journal;

/// <summary>The stream of changes over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class StreamTransactionsTests : RestFixture
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private JournalService.JournalServiceClient Journal => new(Server.Channel);

    [Test]
    public async Task Changes_are_told_and_a_token_goes_on_behind_them()
    {
        var sku = await Given.Stock(onHand: 5);
        await Hold(sku, 2);
        var first = await FirstOf(new() { Skus = { sku }, FromBeginning = true });
        var held = await Hold(sku, 1);

        var second = await FirstOf(new() { Skus = { sku }, ResumeToken = first.ResumeToken });

        Assert.That(first.Transactions.Select(t => t.Kind), Is.EqualTo([TransactionKind.Opened, TransactionKind.Held]));
        var told = second.Transactions.Single();
        Assert.That((told.Sku, told.StockVersion, told.DocumentId), Is.EqualTo((sku, 3L, held.ReservationId)));
        Assert.That(told.Change, Is.EqualTo(new TransactionAmounts { Reserved = 1 }));
    }

    [Test]
    public async Task Changes_are_told_as_lines_over_REST()
    {
        var sku = await Given.Stock(onHand: 5);
        using var giveUp = new CancellationTokenSource(WaitMax);
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/v1/transactions:stream?skus={sku}&fromBeginning=true"
        );
        request.Headers.TryAddWithoutValidation("Accept", "application/x-ndjson");
        using var response = await Server.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            giveUp.Token
        );
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(giveUp.Token));

        JsonElement told;
        do
        {
            var line = (await reader.ReadLineAsync(giveUp.Token))!;
            told = JsonDocument.Parse(line).RootElement.GetProperty("result").GetProperty("transactions");
        } while (told.GetArrayLength() == 0);

        Assert.That(told[0].GetProperty("kind").GetString(), Is.EqualTo("TRANSACTION_KIND_OPENED"));
    }

    [Test]
    public async Task A_stream_that_cannot_begin_has_the_status_of_its_error()
    {
        var first = await FirstOf(new());

        var unknown = await Get($"/v1/transactions:stream?skus={Some.Sku()}");
        var both = await Get($"/v1/transactions:stream?fromBeginning=true&resumeToken={first.ResumeToken}");
        var other = await Get($"/v1/transactions:stream?kinds=1&resumeToken={first.ResumeToken}");

        Assert.That((unknown.Status, unknown.Reason), Is.EqualTo((404, "SKU_UNKNOWN")));
        Assert.That((both.Status, other.Status), Is.EqualTo((400, 400)));
    }

    private async Task<StreamTransactionsResponse> FirstOf(StreamTransactionsRequest request)
    {
        using var giveUp = new CancellationTokenSource(WaitMax);
        using var stream = Journal.StreamTransactions(request, cancellationToken: giveUp.Token);
        var wantsAny = request.Skus.Count > 0;
        while (await stream.ResponseStream.MoveNext(giveUp.Token))
        {
            if (!wantsAny || stream.ResponseStream.Current.Transactions.Count > 0)
            {
                return stream.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
