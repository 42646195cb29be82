namespace Akka.Zab.Protocol;

/// <summary>
/// Which sets of servers may decide for the ensemble. Any two quorums have a server in common: everything else in the
/// protocol rests on that.
/// </summary>
internal interface IQuorum
{
    /// <summary>The servers with a vote.</summary>
    ServerSet Voters { get; }

    /// <summary>Whether these servers decide. Servers without a vote are not counted.</summary>
    bool IsReachedBy(in ServerSet servers);

    /// <summary>Whether a server may be elected. One whose vote has no weight may not.</summary>
    bool CanLead(int server) => Voters.Contains(server);
}

/// <summary>More than half of the voters.</summary>
internal sealed class MajorityQuorum(ServerSet voters) : IQuorum
{
    private readonly int half = voters.Count / 2;

    public ServerSet Voters => voters;

    public bool IsReachedBy(in ServerSet servers) => servers.And(voters).Count > half;
}
