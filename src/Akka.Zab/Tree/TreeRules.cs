namespace Akka.Zab.Tree;

/// <summary>What the settings decide about the tree. The same on every server of an ensemble.</summary>
internal sealed record TreeRules
{
    /// <summary>The defaults: those of ZooKeeper.</summary>
    public static TreeRules Default { get; } = new();

    /// <summary>Whether znodes with a time to live may be made.</summary>
    public bool TimeToLive { get; init; }

    /// <summary>Whether hard quotas are enforced.</summary>
    public bool EnforceQuota { get; init; }

    /// <summary>
    /// Whether a znode that is open to everybody is closed to everybody but the superuser, and none is made any more.
    /// </summary>
    public bool DenyOpen { get; init; }
}
