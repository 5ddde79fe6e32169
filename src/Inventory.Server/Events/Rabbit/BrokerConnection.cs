using Inventory.Server.Telemetry;
using RabbitMQ.Client;

namespace Inventory.Server.Events.Rabbit;

/// <summary>
/// Connections to the broker, for who sends and who takes. None is repaired: whenever something is wrong with one it is
/// given up, and another is made.
/// </summary>
internal static class BrokerConnection
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <param name="broker">With user and password.</param>
    /// <param name="name">As the broker shows it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task<IConnection> OpenAsync(Uri broker, string name, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = AnswerMax,
            ContinuationTimeout = AnswerMax,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
        };
        return factory.CreateConnectionAsync(cancellation);
    }

    /// <summary>Bounded: nobody is to wait for a connection that is given up.</summary>
    public static async Task GiveUpAsync(IConnection connection, ILogger logger)
    {
        try
        {
            await Task.Run(() => connection.AbortAsync()).WaitAsync(AnswerMax);
            await Task.Run(() => connection.DisposeAsync().AsTask()).WaitAsync(AnswerMax);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // It is given up because it is broken.
            logger.BrokerGivenUp(broken.Message);
        }
    }
}
