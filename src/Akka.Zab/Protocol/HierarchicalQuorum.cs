namespace Akka.Zab.Protocol;

/// <summary>
/// ZooKeeper's hierarchical quorum: more than half of the groups, of each more than half of its weight. A group without
/// weight does not count. So an ensemble over three sites works on while one of them is lost, with fewer votes to wait
/// for than a majority of all its servers.
/// </summary>
internal sealed class HierarchicalQuorum : IQuorum
{
    private readonly WeightedQuorum[] groups;

    /// <param name="groups">Each voter is in one of them.</param>
    public HierarchicalQuorum(IReadOnlyCollection<WeightedQuorum> groups)
    {
        var voters = default(ServerSet);
        foreach (var group in groups)
        {
            if (group.Voters.And(voters).Count > 0)
                throw new ArgumentException("A server is in two groups.", nameof(groups));
            voters = voters.Or(group.Voters);
        }

        Voters = voters;
        this.groups = [.. groups.Where(group => group.HasWeight)];
    }

    public ServerSet Voters { get; }

    /// <summary>Whether any vote has a weight: otherwise nothing can be decided.</summary>
    public bool HasWeight => groups.Length > 0;

    public bool IsReachedBy(in ServerSet servers)
    {
        var reached = 0;
        foreach (var group in groups)
        {
            if (group.IsReachedBy(servers))
                reached++;
        }

        return reached * 2 > groups.Length;
    }

    public bool CanLead(int server)
    {
        foreach (var group in groups)
        {
            if (group.CanLead(server))
                return true;
        }

        return false;
    }
}
