namespace Akka.Zab.Protocol;

/// <summary>What a server was configured to be.</summary>
internal enum MemberRole
{
    /// <summary>Votes, follows and may lead.</summary>
    Participant,

    /// <summary>Holds a copy and serves clients, without a vote.</summary>
    Observer,
}

/// <summary>One server of the ensemble.</summary>
/// <param name="Id">1 to 255.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Member(int Id, MemberRole Role);

/// <summary>The servers that make up the ensemble, and who of them decides.</summary>
internal sealed class Ensemble
{
    public Ensemble(IReadOnlyList<Member> members, IQuorum? quorum = null)
    {
        var voters = default(ServerSet);
        var all = default(ServerSet);
        foreach (var member in members)
        {
            if (member.Id is < 1 or > 255)
                throw new ArgumentException($"Server id {member.Id} is not between 1 and 255.", nameof(members));
            if (all.Contains(member.Id))
                throw new ArgumentException($"Server id {member.Id} is used twice.", nameof(members));
            all.Add(member.Id);
            if (member.Role == MemberRole.Participant)
                voters.Add(member.Id);
        }

        if (voters.Count == 0)
            throw new ArgumentException("An ensemble needs at least one server that votes.", nameof(members));
        Members = members;
        Quorum = quorum ?? new MajorityQuorum(voters);
    }

    public IReadOnlyList<Member> Members { get; }

    public IQuorum Quorum { get; }

    public bool Votes(int server) => Quorum.Voters.Contains(server);

    public bool Has(int server)
    {
        foreach (var member in Members)
        {
            if (member.Id == server)
                return true;
        }

        return false;
    }
}
