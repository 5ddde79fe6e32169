namespace Grpc.Core;

/// <summary>Judges the other side's certificate after the usual checks have passed.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);

/// <summary>The other side, as its certificate shows it.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem)
    {
        TargetName = targetName;
        PeerPem = peerPem;
    }

    public string TargetName { get; }

    /// <summary>Its certificate as PEM text.</summary>
    public string PeerPem { get; }
}
