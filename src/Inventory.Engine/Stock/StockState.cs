namespace Inventory.Engine.Stock;

/// <summary>Whether what is on hand can be sold.</summary>
public enum StockState
{
    /// <summary>It can, as far as it is not reserved or kept back.</summary>
    Available = 1,

    /// <summary>It cannot.</summary>
    Damaged = 2,

    /// <summary>Not before quality control has seen it.</summary>
    QualityControl = 3,
}
