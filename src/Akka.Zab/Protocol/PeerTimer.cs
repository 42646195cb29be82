namespace Akka.Zab.Protocol;

/// <summary>The timers of the roles.</summary>
internal enum PeerTimer
{
    /// <summary>Looking: say the vote again.</summary>
    Repeat,

    /// <summary>Looking: a better vote has had its chance.</summary>
    Finalize,

    /// <summary>Looking: it has taken so long that clients may read.</summary>
    ReadOnly,

    /// <summary>Learner: no answer from the leader yet.</summary>
    JoinAgain,

    /// <summary>Leader and learner, twice a tick: pings, and who has been silent for too long.</summary>
    Beat,

    /// <summary>Leader and learner, to themselves: gather what has come in.</summary>
    Flush,
}
