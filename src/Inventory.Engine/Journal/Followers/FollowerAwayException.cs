namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// What a follower needs beside the database is away, such as a broker. Nothing is wrong with the rows: they are handed
/// to it again until it is back.
/// </summary>
public sealed class FollowerAwayException(string message, Exception? cause = null) : Exception(message, cause);
