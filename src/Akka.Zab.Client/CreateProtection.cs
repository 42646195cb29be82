namespace Akka.Zab.Client;

/// <summary>What became of a create whose answer got lost.</summary>
internal enum CreateFate
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not: another one's znode is there.</summary>
    Refused,

    /// <summary>Nobody can tell any more.</summary>
    Unknown,
}

/// <summary>How a create is known again whose answer got lost.</summary>
internal static class CreateProtection
{
    // As Curator's, so that its tools take the prefix off again.
    private const string Mark = "_c_";

    /// <summary>The path with an id in its last component.</summary>
    public static string Into(string path, Guid id)
    {
        var name = path.LastIndexOf('/') + 1;
        return $"{path.AsSpan(0, name)}{Mark}{id:D}-{path.AsSpan(name)}";
    }

    /// <summary>The child that was created under an id, or null if there is none.</summary>
    public static string? Find(IReadOnlyList<string> children, Guid id)
    {
        var prefix = $"{Mark}{id:D}-";
        foreach (var child in children)
            if (child.StartsWith(prefix, StringComparison.Ordinal)) return child;
        return null;
    }

    /// <summary>Whether the znode that is there now is what the create was to make.</summary>
    /// <param name="create">The create.</param>
    /// <param name="session">Whose it was.</param>
    /// <param name="before">The last zxid that the client had seen when it sent the create.</param>
    /// <param name="there">The znode.</param>
    public static CreateFate Judge(Create create, long session, long before, DataReply there)
    {
        var stat = there.Stat;
        if (stat.CreatedZxid <= before) return CreateFate.Refused; // older than the create
        if (create.Mode.IsEphemeral()) return stat.EphemeralOwner == session ? CreateFate.Done : CreateFate.Refused;
        if (create.Mode == CreateMode.Persistent && stat.EphemeralOwner != 0) return CreateFate.Refused;
        if (stat.Version > 0) return CreateFate.Unknown;
        return Same(create.Data, there.Data) ? CreateFate.Done : CreateFate.Refused;
    }

    private static bool Same(byte[]? wished, byte[]? there) =>
        wished is null == there is null && wished.AsSpan().SequenceEqual(there);
}
