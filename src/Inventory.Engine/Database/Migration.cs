namespace Inventory.Engine.Database;

/// <summary>A numbered step of the schema.</summary>
/// <param name="Number">Its place; steps are applied in this order.</param>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Sha256">The text's hash, in lower-case hex.</param>
/// <param name="Sql">The text.</param>
public sealed record Migration(int Number, string Name, string Sha256, string Sql);
