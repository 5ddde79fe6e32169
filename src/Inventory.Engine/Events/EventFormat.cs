namespace Inventory.Engine.Events;

/// <summary>The form in which events are sent. Append only; a number is never used again.</summary>
public enum EventFormat
{
    /// <summary>The JSON format of CloudEvents.</summary>
    Json = 1,

    /// <summary>The protobuf format of CloudEvents.</summary>
    Protobuf = 2,
}
