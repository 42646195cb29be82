using System.Net;
using Akka.Actor;
using Akka.Event;
using Akka.Zab.Hosting;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper;

/// <summary>
/// The port for ZooKeeper clients of a member of the ensemble: an extension, opened by
/// <c>akka.extensions = ["Akka.Zab.ZooKeeper.ZooKeeperPortProvider, Akka.Zab.ZooKeeper"]</c> or by <see cref="Get"/>,
/// at
/// <c>akka.zab.client-port</c>. It closes with the actor system.
/// </summary>
public sealed class ZooKeeperPort : IExtension
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    readonly ZabSettings _settings;
    readonly MemberActors _member;
    readonly DateTime _openedAt = DateTime.UtcNow;
    readonly ClientPort? _port; // null while it is being opened
    readonly Lazy<Task> _stopped;

    internal ZooKeeperPort(ExtendedActorSystem system)
    {
        var zab = Zab.Get(system);
        _settings = zab.Settings;
        var log = Logging.GetLogger(system, typeof(ZooKeeperPort));
        // The member's actors are being started already, and opening the port waits for nothing but the operating
        // system.
        _member = zab.Actors.GetAwaiter().GetResult();
        var tls = _settings.TlsPort is { } secure ? TlsOptions.Read(secure, system.Settings) : null;
        _port = Task.Run(() => ClientPort.OpenAsync(PortSettings.Of(_settings, tls), _member.Sessions, SnapshotAsync, log))
            .GetAwaiter().GetResult();
        _stopped = new Lazy<Task>(() => _port.DisposeAsync().AsTask());
        system.RegisterOnTermination(() => _ = StopAsync());
    }

    /// <summary>Where the port listens.</summary>
    public IPEndPoint Endpoint => _port!.Endpoint;

    /// <summary>Where the port with TLS listens; null if there is none.</summary>
    public IPEndPoint? SecureEndpoint => _port!.SecureEndpoint;

    /// <summary>The port of <paramref name="system"/>; opened at the first call.</summary>
    /// <exception cref="IOException">It cannot be opened, because it is taken for instance.</exception>
    public static ZooKeeperPort Get(ActorSystem system) => system.WithExtension<ZooKeeperPort, ZooKeeperPortProvider>();

    /// <summary>Closes the port and its connections. The clients' sessions live on until their timeout.</summary>
    public Task StopAsync() => _stopped.Value;

    async Task<ServerSnapshot?> SnapshotAsync(
        FourLetterWord word, IReadOnlyList<ConnectionSnapshot> connections, ConnectionStatistics traffic,
        PortRefusals refused)
    {
        try
        {
            var peer = _member.Peer.Ask<PeerStatus>(new GetPeerStatus(), _patience);
            var replica = _member.Replica.Ask<ReplicaStatus>(new GetReplicaStatus(), _patience);
            var sessions = _member.Sessions.Ask<SessionsStatus>(new GetSessionsStatus(), _patience);
            var status = await peer.ConfigureAwait(false);
            var server = new ServerSnapshot(
                status,
                await replica.ConfigureAwait(false),
                await sessions.ConfigureAwait(false),
                connections, traffic, DateTime.UtcNow - _openedAt, Configuration(status))
            {
                Refused = refused,
                Collector = CollectorFigures.Now(),
            };
            return await WithDetailsAsync(word, server).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    async Task<ServerSnapshot> WithDetailsAsync(FourLetterWord word, ServerSnapshot server)
    {
        if (word is FourLetterWord.Wchs or FourLetterWord.Wchc or FourLetterWord.Wchp)
        {
            var watches = await _member.Replica.Ask<WatchesOfSessions>(new GetWatches(), _patience).ConfigureAwait(false);
            return server with { Watches = watches.Watches };
        }
        if (word is not (FourLetterWord.Dump or FourLetterWord.Hash)) return server;
        var snapshot = await _member.Replica.Ask<TreeSnapshot>(new GetTree(), _patience).ConfigureAwait(false);
        server = server with { Tree = snapshot.Tree };
        if (word == FourLetterWord.Hash) return server;
        var expiry = await _member.Sessions.Ask<SessionExpiry>(new GetSessionExpiry(), _patience).ConfigureAwait(false);
        return server with
        {
            Expiry = expiry.Buckets,
            LocalExpiry = _settings.LocalSessions || expiry.Local.Length > 0 ? expiry.Local : null,
        };
    }

    ServerConfiguration Configuration(PeerStatus status)
    {
        var settings = _settings;
        var ensemble = status.Ensemble;
        return new ServerConfiguration(
            _port?.Endpoint.Port ?? settings.ClientPort, settings.DataFolder, settings.TickMs,
            settings.MinSessionTimeoutMs, settings.MaxSessionTimeoutMs, settings.InitLimitTicks,
            settings.SyncLimitTicks, ensemble.Votes(settings.ServerId), ensemble.Quorum.Voters.Count,
            EnsembleText.Of(ensemble.Members, ensemble.Version).Split('\n'))
        {
            SecureClientPort = _port?.SecureEndpoint?.Port ?? -1,
            MaxConnectionsPerAddress = settings.MaxConnectionsPerAddress,
        };
    }
}

/// <summary>Names <see cref="ZooKeeperPort"/> in <c>akka.extensions</c>.</summary>
public sealed class ZooKeeperPortProvider : ExtensionIdProvider<ZooKeeperPort>
{
    /// <inheritdoc/>
    public override ZooKeeperPort CreateExtension(ExtendedActorSystem system) => new(system);
}
