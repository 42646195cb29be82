namespace Akka.Zab.Protocol;

/// <summary>The servers that make up the ensemble, and who of them decides: one configuration.</summary>
internal sealed class Ensemble
{
    /// <param name="members">The servers; at least one votes.</param>
    /// <param name="quorum">Who decides; null for what follows from the members' groups and weights.</param>
    /// <param name="version">The transaction that made it; 0 if it comes from settings.</param>
    /// <exception cref="ArgumentException">No ensemble can be like that; the message says why.</exception>
    public Ensemble(IReadOnlyList<Member> members, IQuorum? quorum = null, long version = 0)
    {
        var all = default(ServerSet);
        foreach (var member in members)
        {
            if (member.Id is < 1 or > 255)
                throw new ArgumentException($"Server id {member.Id} is not between 1 and 255.");
            if (all.Contains(member.Id))
                throw new ArgumentException($"Server id {member.Id} is used twice.");
            all.Add(member.Id);
        }

        Members = members;
        All = all;
        Version = version;
        Quorum = quorum ?? QuorumOf(members);
        if (Quorum.Voters.Count == 0)
            throw new ArgumentException("An ensemble needs at least one server that votes.");
    }

    private Ensemble()
    {
        Members = [];
        Quorum = new MajorityQuorum(default);
    }

    /// <summary>What a server knows that has yet to be told who the others are: nobody decides.</summary>
    public static Ensemble Unknown { get; } = new();

    public IReadOnlyList<Member> Members { get; }

    public IQuorum Quorum { get; }

    /// <summary>The ids of the members.</summary>
    public ServerSet All { get; }

    /// <summary>The zxid of the transaction that made it; 0 if it comes from settings.</summary>
    public long Version { get; }

    /// <summary>Whether votes differ in their weight, or are counted by group.</summary>
    public bool IsWeighted
    {
        get
        {
            foreach (var member in Members)
            {
                if (member.Role == MemberRole.Participant && (member.Group != 0 || member.Weight != 1))
                    return true;
            }

            return false;
        }
    }

    public bool Votes(int server) => Quorum.Voters.Contains(server);

    public bool Has(int server) => All.Contains(server);

    /// <summary>The member of that id, or null.</summary>
    public Member? Find(int server)
    {
        foreach (var member in Members)
        {
            if (member.Id == server)
                return member;
        }

        return null;
    }

    private static IQuorum QuorumOf(IReadOnlyList<Member> members)
    {
        var voters = default(ServerSet);
        var groups = new SortedDictionary<int, List<(int, int)>>();
        var weighted = false;
        foreach (var member in members)
        {
            if (member.Role != MemberRole.Participant)
                continue;
            voters.Add(member.Id);
            weighted |= member.Weight != 1;
            if (!groups.TryGetValue(member.Group, out var group))
                groups.Add(member.Group, group = []);
            group.Add((member.Id, member.Weight));
        }

        if (groups.Count > 1 && groups.ContainsKey(0))
            throw new ArgumentException("Where there are groups, every server that votes is in one.");
        if (groups.Count <= 1 && !weighted)
            return new MajorityQuorum(voters);
        var quorums = groups.Values.Select(group => new WeightedQuorum(group)).ToArray();
        if (!Array.Exists(quorums, quorum => quorum.HasWeight))
            throw new ArgumentException("No vote has a weight.");
        return quorums.Length == 1 ? quorums[0] : new HierarchicalQuorum(quorums);
    }
}
