using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Hosting;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;

namespace Akka.Zab;

/// <summary>
/// A member of the ensemble within an actor system. With configuration alone:
/// <code>
/// akka.extensions = ["Akka.Zab.ZabExtensionProvider, Akka.Zab"]
/// akka.zab { server-id = 1, members = [...], data-dir = "..." }
/// </code>
/// or by <see cref="Get"/>. It takes its part in the ensemble as long as the actor system runs; what it must remember
/// is in its data folder.
/// </summary>
public sealed class Zab : IExtension
{
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(3);

    private readonly MemberState _state = new();
    private readonly TaskCompletionSource<MemberActors> _actors =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Zab(ExtendedActorSystem system)
    {
        Settings = ZabSettings.Read(system.Settings.Config);
        MemberSystem.Check(system, Settings);
        var folder = DataFolder.Open(Settings.DataFolder);
        try
        {
            system.Settings.InjectTopLevelFallback(MemberSystem.Configuration(Settings, folder));
            ZabMessageSerializer.Register(system);
            system.ActorOf(ZabSupervisor.Props(Settings, _state, _actors), "zab");
        }
        catch
        {
            folder.Dispose();
            throw;
        }
        // Before the termination is complete: whoever waits for that may start the next member on the same folder.
        system.RegisterOnTermination(folder.Dispose);
    }

    /// <summary>The member of this actor system; it becomes one if it is none yet.</summary>
    /// <param name="system">The actor system, with the settings of <c>akka.zab</c>.</param>
    /// <exception cref="ConfigurationException">
    /// A setting is wrong, or the data folder cannot be used; the message is one sentence that names it.
    /// </exception>
    public static Zab Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<Zab, ZabExtensionProvider>();
    }

    /// <summary>
    /// Completes when this server has stopped taking part: with null if its actor system was shut down, else with one
    /// sentence that says what failed. The rest of the process is not touched by that.
    /// </summary>
    public Task<string?> WhenStopped => _state.Stopped;

    internal ZabSettings Settings { get; }

    /// <summary>The actors, as soon as they are started.</summary>
    internal Task<MemberActors> Actors => _actors.Task;

    /// <summary>Waits until this server serves clients: it leads, or follows a leader.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    public Task WhenServingAsync(CancellationToken cancellation = default) => _state.Serving.WaitAsync(cancellation);

    /// <summary>How things stand with this server.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="AskTimeoutException">It did not say within 3 s.</exception>
    public async Task<ZabStatus> StatusAsync(CancellationToken cancellation = default)
    {
        var actors = await Actors.WaitAsync(cancellation).ConfigureAwait(false);
        var asked = (
            Peer: actors.Peer.Ask<PeerStatus>(new GetPeerStatus(), StatusTimeout, cancellation),
            Replica: actors.Replica.Ask<ReplicaStatus>(new GetReplicaStatus(), StatusTimeout, cancellation),
            Sessions: actors.Sessions.Ask<SessionsStatus>(new GetSessionsStatus(), StatusTimeout, cancellation));
        var peer = await asked.Peer.ConfigureAwait(false);
        var replica = await asked.Replica.ConfigureAwait(false);
        var sessions = await asked.Sessions.ConfigureAwait(false);
        return new ZabStatus(
            peer.ServerId, peer.Role, peer.Serving, peer.Leader, peer.Epoch, replica.LastApplied, peer.LastProposed,
            peer.Learners, peer.SyncedFollowers, peer.SyncedObservers, replica.Znodes, replica.Ephemerals,
            replica.DataBytes, replica.Sessions, sessions.Connected, replica.Watches)
        {
            ReadOnly = peer.ReadOnly,
            LocalSessions = sessions.Local,
        };
    }
}

/// <summary>Names <see cref="Zab"/> to an actor system, in <c>akka.extensions</c>.</summary>
public sealed class ZabExtensionProvider : ExtensionIdProvider<Zab>
{
    /// <summary>Makes the actor system a member.</summary>
    /// <param name="system">The actor system.</param>
    public override Zab CreateExtension(ExtendedActorSystem system) => new(system);
}
