namespace Inventory.Load.Http2;

/// <summary>What is called. Few in a process, each made once, and compared by reference.</summary>
internal sealed class GrpcMethod(string path)
{
    public string Path => path;
}
