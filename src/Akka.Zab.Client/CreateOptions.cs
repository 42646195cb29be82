namespace Akka.Zab.Client;

/// <summary>What to do about the znodes above the one to create, where they are missing.</summary>
public enum MissingParents
{
    /// <summary>Nothing: the create fails with <see cref="NoNodeException"/>.</summary>
    Refuse,

    /// <summary>Create them, to stay.</summary>
    Create,

    /// <summary>Create them as containers, which the ensemble deletes some time after their last child.</summary>
    CreateContainers,
}

/// <summary>How a znode is created.</summary>
public sealed record CreateOptions
{
    /// <summary>Its kind. Default <see cref="CreateMode.Persistent"/>.</summary>
    public CreateMode Mode { get; init; } = CreateMode.Persistent;

    /// <summary>Its access control list. Default null: open to everybody.</summary>
    public IReadOnlyList<Acl>? Acl { get; init; }

    /// <summary>
    /// For the modes with a time to live, how long it may be childless and unmodified: 1 ms to about 34 years.
    /// </summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>
    /// What to do about missing znodes above it. Clients that do so at the same time, or delete them meanwhile, do not
    /// get into each other's way. Default <see cref="MissingParents.Refuse"/>.
    /// </summary>
    public MissingParents Parents { get; init; }

    /// <summary>The access control list of those. Default null: open to everybody.</summary>
    public IReadOnlyList<Acl>? ParentAcl { get; init; }

    /// <summary>
    /// Whether to find out, when the connection broke while the create was under way, if it was done, and to do it
    /// again if not. Default false: then it fails with <see cref="ConnectionLossException"/>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// With a sequential mode the name gets a unique prefix, <c>_c_GUID-</c>, as with Curator's protected creates, by
    /// which the znode is found again: exactly one is created, unless somebody else deletes it at once.
    /// </para>
    /// <para>
    /// Without one the znode has the name that it was given. If it is there after the break, its stat and data tell: an
    /// ephemeral one is this session's or another's; another one was created by this call if it is younger than the
    /// call, was never set again, and has the data that was asked for. Another client that creates the same with the
    /// same data at that time cannot be told apart: put something of your own into the data where that matters. If it
    /// was set meanwhile, nobody can tell any more, and the call fails with <see cref="ConnectionLossException"/>.
    /// </para>
    /// </remarks>
    public bool Protected { get; init; }

    internal Create ToRequest(string path, byte[]? data) =>
        new(path, data, Acl ?? Client.Acl.Open, Mode) { TimeToLiveMs = (long)TimeToLive.TotalMilliseconds };
}
