using Akka.Actor;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Hosting;

/// <summary>From the settings of a server to what each of its actors needs of them.</summary>
internal static class Wiring
{
    public static SessionSettings Sessions(ZabSettings settings) =>
        new(settings.ServerId, settings.TickMs, settings.MinSessionTimeoutMs, settings.MaxSessionTimeoutMs)
        {
            LocalSessions = settings.LocalSessions,
            LocalSessionsUpgrade = settings.LocalSessionsUpgrade,
            SuperDigest = settings.SuperDigest,
            SuperCertificate = settings.SuperCertificate,
            Sasl = settings.Sasl,
            SkipAcl = settings.SkipAcl,
            RequiredSchemes = settings.RequiredSchemes,
            MaxOutstandingRequests = settings.MaxOutstandingRequests,
        };

    public static TreeRules Rules(ZabSettings settings) => new()
    {
        TimeToLive = settings.ExtendedTypes,
        EnforceQuota = settings.EnforceQuota,
        DenyOpen = settings.DenyOpen,
    };

    /// <summary>The members in the settings, with their addresses if they have any.</summary>
    public static Member[] Members(ZabSettings settings) => [.. settings.Members.Select(member =>
        new Member(member.Id, member.IsObserver ? MemberRole.Observer : MemberRole.Participant)
        {
            Host = member.Address?.Host ?? "",
            Port = member.Address?.Port ?? 0,
            ElectionPort = member.Address?.Port is { } port ? port < 65535 ? port + 1 : port - 1 : 0,
            Client = member.Client,
            Weight = member.Weight,
            Group = member.Group,
        })];

    public static HistorySettings History(ZabSettings settings) => new()
    {
        PersistenceId = $"zab-{settings.ServerId}",
        SnapshotAfterTxns = settings.SnapshotEveryTransactions,
        SnapshotAfterBytes = settings.SnapshotEveryBytes,
        SnapshotEarlier = EarlierFor(settings.ServerId),
        KeepJournalBytes = settings.HistoryOnDisk,
        KeepSnapshots = settings.SnapshotsKept,
    };

    // The fractions of the multiples of the golden ratio are far apart from each other, however many there are.
    private static double EarlierFor(int server) => 0.5 * (server * 0.6180339887 % 1);

    public static PeerContext Peer(
        ZabSettings settings, IPeerDirectory directory, IActorRef history, IActorRef replica, IActorRef sessions)
    {
        return new PeerContext
        {
            Self = settings.ServerId,
            Ensemble = settings.Join.Count > 0 ? Ensemble.Unknown : new Ensemble(Members(settings)),
            Reconfigurable = settings.Reconfigurable,
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
                ReadOnlyAfter = settings.ReadOnlyMode
                    ? TimeSpan.FromMilliseconds(Math.Max(2000, settings.TickMs)) : null,
                MaxBatchBytes = settings.MaxBatchBytes,
                MaxOutstandingBatches = settings.MaxBatchesInFlight,
                MaxGatheredBytes = settings.MaxWaitingBytes,
                HistoryInMemory = settings.HistoryInMemory,
                MaxBehind = settings.MaxBehind,
                Rules = Rules(settings),
                ReapInterval = TimeSpan.FromMilliseconds(settings.ReapIntervalMs),
                MaxNeverUsed = TimeSpan.FromMilliseconds(settings.MaxNeverUsedMs),
            },
        };
    }
}
