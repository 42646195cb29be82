using Akka.Zab.Protocol;

namespace Akka.Zab;

/// <summary>How things stand with a member of the ensemble, as <see cref="Zab.StatusAsync"/> found it.</summary>
/// <param name="ServerId">Its id.</param>
/// <param name="Role">What it does.</param>
/// <param name="Serving">Whether it serves clients.</param>
/// <param name="Leader">The leader's id; 0 if it knows of none.</param>
/// <param name="Epoch">The epoch whose history it holds.</param>
/// <param name="LastApplied">The zxid of the last transaction in its tree.</param>
/// <param name="LastLogged">The zxid of the last transaction in its history.</param>
/// <param name="Learners">On the leader: servers that follow it.</param>
/// <param name="SyncedFollowers">On the leader: those of them with a vote that hold its history.</param>
/// <param name="SyncedObservers">On the leader: those of them without a vote that hold its history.</param>
/// <param name="Znodes">Znodes in its tree.</param>
/// <param name="Ephemerals">How many of them are ephemeral.</param>
/// <param name="DataBytes">Bytes of data in them.</param>
/// <param name="Sessions">Open sessions of the ensemble.</param>
/// <param name="Connections">Clients that are connected to this server.</param>
/// <param name="Watches">Watches that they have left.</param>
public sealed record ZabStatus(
    int ServerId, ServerRole Role, bool Serving, int Leader, int Epoch, long LastApplied, long LastLogged, int Learners,
    int SyncedFollowers, int SyncedObservers, long Znodes, long Ephemerals, long DataBytes, long Sessions,
    int Connections, long Watches)
{
    /// <summary>While it does not serve: whether it lets clients read that accept that.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Open sessions that only this server knows, beside <see cref="Sessions"/>.</summary>
    public int LocalSessions { get; init; }
}
