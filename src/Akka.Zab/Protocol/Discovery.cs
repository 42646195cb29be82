namespace Akka.Zab.Protocol;

/// <summary>
/// Discovery as the leader sees it: the epochs that servers have accepted, the new one that follows from a quorum of
/// them, and the promises to it.
/// </summary>
internal sealed class Discovery(IQuorum quorum)
{
    private ServerSet informed;
    private ServerSet promised;
    private int highest;

    /// <summary>The new epoch, or 0 while no quorum has said what it has accepted. Never changes again.</summary>
    public int NewEpoch { get; private set; }

    /// <summary>Whether a quorum has promised itself to the new epoch. Once it has, it has.</summary>
    public bool IsPromised { get; private set; }

    /// <summary>A server has told which epoch it accepted last. True if the new epoch is known by that.</summary>
    public bool Inform(int server, int acceptedEpoch)
    {
        informed.Add(server);
        highest = Math.Max(highest, acceptedEpoch);
        if (NewEpoch != 0 || !quorum.IsReachedBy(informed))
            return false;
        NewEpoch = checked(highest + 1);
        return true;
    }

    /// <summary>A server's journal holds its promise. True if the quorum is complete by that.</summary>
    public bool Promise(int server)
    {
        promised.Add(server);
        if (IsPromised || !quorum.IsReachedBy(promised))
            return false;
        IsPromised = true;
        return true;
    }

    /// <summary>A server is gone: until there is a quorum it does not count towards it.</summary>
    public void Forget(int server)
    {
        if (NewEpoch == 0)
            informed.Remove(server);
        if (!IsPromised)
            promised.Remove(server);
    }
}
