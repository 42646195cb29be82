using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>What validation needs to know of a znode.</summary>
/// <param name="Version">How often its data was set.</param>
/// <param name="Creations">How many children it has ever had; wraps around. Not the cversion of its stat.</param>
/// <param name="ChildCount">How many children it has.</param>
/// <param name="AclVersion">How often its ACL was set.</param>
/// <param name="EphemeralOwner">The session that it dies with, or 0.</param>
/// <param name="Acl">Its ACL, or null if that is the open one.</param>
internal readonly record struct ZnodeFacts(
    int Version, int Creations, int ChildCount, int AclVersion, long EphemeralOwner, IReadOnlyList<Acl>? Acl);
