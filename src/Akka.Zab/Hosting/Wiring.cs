using Akka.Actor;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Sessions;

namespace Akka.Zab.Hosting;

/// <summary>From the settings of a server to what each of its actors needs of them.</summary>
internal static class Wiring
{
    public static SessionSettings Sessions(ZabSettings settings) =>
        new(settings.ServerId, settings.TickMs, settings.MinSessionTimeoutMs, settings.MaxSessionTimeoutMs)
        {
            SuperDigest = settings.SuperDigest,
        };

    public static HistorySettings History(ZabSettings settings) => new()
    {
        PersistenceId = $"zab-{settings.ServerId}",
        SnapshotAfterTxns = settings.SnapshotEveryTransactions,
        SnapshotAfterBytes = settings.SnapshotEveryBytes,
        KeepJournalBytes = settings.HistoryOnDisk,
        KeepSnapshots = settings.SnapshotsKept,
    };

    public static PeerContext Peer(
        ZabSettings settings, IPeerDirectory directory, IActorRef history, IActorRef replica, IActorRef sessions)
    {
        var members = new Member[settings.Members.Count];
        for (var i = 0; i < members.Length; i++)
        {
            var member = settings.Members[i];
            members[i] = new Member(member.Id, member.IsObserver ? MemberRole.Observer : MemberRole.Participant);
        }
        return new PeerContext
        {
            Self = settings.ServerId,
            Ensemble = new Ensemble(members),
            Directory = directory,
            History = history,
            Replica = replica,
            Sessions = sessions,
            Random = new Random(),
            Settings = new PeerSettings
            {
                Tick = TimeSpan.FromMilliseconds(settings.TickMs),
                InitLimit = settings.InitLimitTicks,
                SyncLimit = settings.SyncLimitTicks,
                FinalizeWait = TimeSpan.FromMilliseconds(settings.FinalizeWaitMs),
                NotificationInterval = TimeSpan.FromMilliseconds(settings.ResendMs),
                MaxNotificationInterval = TimeSpan.FromMilliseconds(settings.LongestResendMs),
                MaxBatchBytes = settings.MaxBatchBytes,
                MaxOutstandingBatches = settings.MaxBatchesInFlight,
                HistoryInMemory = settings.HistoryInMemory,
                TimeToLive = settings.ExtendedTypes,
                ReapInterval = TimeSpan.FromMilliseconds(settings.ReapIntervalMs),
                MaxNeverUsed = TimeSpan.FromMilliseconds(settings.MaxNeverUsedMs),
            },
        };
    }
}
