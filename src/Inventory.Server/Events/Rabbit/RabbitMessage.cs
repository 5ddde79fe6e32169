using Inventory.Engine.Events;

namespace Inventory.Server.Events.Rabbit;

/// <summary>An event on its way to the broker.</summary>
/// <param name="Id">The event's.</param>
/// <param name="Type">The event's.</param>
/// <param name="RoutingKey">See <see cref="RoutingKeyOf"/>.</param>
/// <param name="At">The event's.</param>
/// <param name="Body">The whole event.</param>
internal sealed record RabbitMessage(string Id, string Type, string RoutingKey, DateTime At, byte[] Body)
{
    private const string NoWarehouse = "_";

    /// <summary>
    /// The type and the warehouse's code, so that a queue can be bound to either. A dot parts words in a routing key,
    /// so what of a code is neither letter, digit nor hyphen is an underscore; without a warehouse the word is one.
    /// </summary>
    public static string RoutingKeyOf(ChangeEvent change) =>
        $"{EventTypes.Of(change.Kind)}.{(change.Warehouse.Length == 0 ? NoWarehouse : Word(change.Warehouse))}";

    private static string Word(string code) =>
        string.Create(
            code.Length,
            code,
            static (word, from) =>
            {
                for (var i = 0; i < word.Length; i++)
                {
                    word[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] == '-' ? from[i] : '_';
                }
            }
        );
}
