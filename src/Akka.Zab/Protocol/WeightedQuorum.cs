namespace Akka.Zab.Protocol;

/// <summary>More than half of the weight of all votes. A vote of weight 0 is heard and decides nothing.</summary>
internal sealed class WeightedQuorum : IQuorum
{
    private readonly Vote[] votes;
    private readonly long total;

    private readonly record struct Vote(int Server, int Weight);

    /// <param name="weights">The weight of each voter, 0 or more.</param>
    public WeightedQuorum(IReadOnlyCollection<(int Server, int Weight)> weights)
    {
        votes = new Vote[weights.Count];
        var voters = default(ServerSet);
        var count = 0;
        foreach (var (server, weight) in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight);
            if (voters.Contains(server))
                throw new ArgumentException($"Server {server} votes twice.", nameof(weights));
            voters.Add(server);
            votes[count++] = new Vote(server, weight);
            total += weight;
        }

        Voters = voters;
    }

    public ServerSet Voters { get; }

    /// <summary>Whether any vote has a weight: otherwise nothing can be decided.</summary>
    public bool HasWeight => total > 0;

    public bool IsReachedBy(in ServerSet servers)
    {
        var weight = 0L;
        foreach (ref readonly var vote in votes.AsSpan())
        {
            if (servers.Contains(vote.Server))
                weight += vote.Weight;
        }

        return weight * 2 > total;
    }

    public bool CanLead(int server)
    {
        foreach (ref readonly var vote in votes.AsSpan())
        {
            if (vote.Server == server)
                return vote.Weight > 0;
        }

        return false;
    }
}
