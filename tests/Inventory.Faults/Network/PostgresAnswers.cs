namespace Inventory.Faults.Network;

/// <summary>Follows what the database answers, and keeps back the answer that a trap waits for.</summary>
internal sealed class PostgresAnswers(PostgresRequests requests)
{
    private readonly MessageBuffer buffer = new();
    private bool failed;

    /// <summary>Gives each message that may pass to <paramref name="pass"/>.</summary>
    /// <returns>The trap that has swallowed its whole answer, the outcome that nobody heard.</returns>
    public Trap? Read(ReadOnlySpan<byte> chunk, Action<ReadOnlyMemory<byte>> pass)
    {
        buffer.Add(chunk);
        while (true)
        {
            if (!requests.Negotiations.IsEmpty)
            {
                if (!buffer.TryTakeBytes(1, out var verdict))
                {
                    return null;
                }

                Negotiate(verdict.Span[0]);
                pass(verdict);
                continue;
            }

            if (!buffer.TryTake(1, out var message))
            {
                return null;
            }

            var swallows = requests.Pending.TryPeek(out var cycle) ? cycle.Swallows : null;
            if (swallows is null)
            {
                pass(message);
            }

            if (End(message.Span[0], swallows) is { } sprung)
            {
                return sprung;
            }
        }
    }

    private Trap? End(byte type, Trap? swallows)
    {
        failed |= type == 'E';
        if (type != 'Z')
        {
            return null;
        }

        requests.Pending.TryDequeue(out _);
        swallows?.Spring(done: !failed);
        failed = false;
        return swallows;
    }

    private void Negotiate(byte answer)
    {
        requests.Negotiations.TryDequeue(out _);
        if (answer != 'N')
        {
            throw new NotSupportedException("The proxy reads PostgreSQL's protocol, and can't read it encrypted.");
        }
    }
}
