using System.Text;
using Akka.Actor;
using Akka.Coordination;
using Akka.Event;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Coordination;

/// <summary>
/// A lease that the ensemble keeps, for the split-brain resolver's lease-majority, the cluster singleton and sharding.
/// Its section of the configuration:
/// <code>
/// my-lease {
///   lease-class = "Akka.Zab.Client.Coordination.ZabLease, Akka.Zab.Client"
///   servers = []           # addresses of actor systems; empty for what akka.zab.client says
///   connect-string = ""    # or, over ZooKeeper's protocol: host:port,host:port/chroot
///   path = "/leases"       # the znode that the leases are in
///   session-timeout = 10s  # when its owner dies, the lease is free after this; unless given, that of akka.zab.client
/// }
/// </code>
/// </summary>
/// <remarks>
/// The lease is an ephemeral znode, whose data is the owner's name. <see cref="CheckLease"/> is true only while it is
/// certainly held: not any more when the session has ended, when the leader has answered nothing that was sent within
/// the last half of the session timeout, or when somebody has deleted the znode. A process that was stopped for longer
/// finds it false at once when it goes on. An owner that was started again takes its lease over from its earlier run:
/// so no two processes that run may have the same owner's name.
/// <para>
/// All leases of an actor system that name the same servers share one session, which is closed with the actor system.
/// <c>heartbeat-timeout</c> and <c>heartbeat-interval</c> have no effect: the session has its own. Timeouts of three of
/// the servers' ticks and more are safe.
/// </para>
/// </remarks>
public sealed class ZabLease : Lease
{
    private readonly SharedClient _client;
    private readonly ILoggingAdapter _log;
    private readonly SemaphoreSlim _one = new(1);
    private readonly string _path;
    private volatile NameHold? _hold;
    private Action<Exception?>? _lost;

    /// <summary>
    /// Made by Akka.NET. It connects and tries at once whether a lease can be created, so that what is wrong is in the
    /// log before it is needed.
    /// </summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="system">The actor system.</param>
    /// <exception cref="ArgumentException"><c>path</c> is not absolute, or the root.</exception>
    public ZabLease(LeaseSettings settings, ExtendedActorSystem system) : base(settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _log = Logging.GetLogger(system, typeof(ZabLease));
        var folder = Paths.Check(settings.LeaseConfig.GetString("path", "/leases"));
        _client = SharedClients.Get(system).ClientOf(settings.LeaseConfig);
        // A name may be an address or have slashes in it.
        _path = Paths.Child(folder, Uri.EscapeDataString(settings.LeaseName));
        _ = TryAsync(folder);
    }

    /// <inheritdoc/>
    public override bool CheckLease() => _hold?.IsHeld == true;

    /// <inheritdoc/>
    /// <exception cref="LeaseTimeoutException">
    /// There was no answer within <c>lease-operation-timeout</c>; what is acquired after that is released.
    /// </exception>
    /// <exception cref="LeaseException">
    /// The servers refuse it, or the session is over; the next call tries with a new one.
    /// </exception>
    public override Task<bool> Acquire() => AcquireAsync(null);

    /// <inheritdoc/>
    /// <exception cref="LeaseTimeoutException">
    /// There was no answer within <c>lease-operation-timeout</c>; what is acquired after that is released.
    /// </exception>
    /// <exception cref="LeaseException">
    /// The servers refuse it, or the session is over; the next call tries with a new one.
    /// </exception>
    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => AcquireAsync(leaseLostCallback);

    /// <inheritdoc/>
    /// <exception cref="LeaseTimeoutException">
    /// There was no answer within <c>lease-operation-timeout</c>; it is not held any more, and goes on being released.
    /// </exception>
    /// <exception cref="LeaseException">
    /// The servers refuse it; it is not held any more, and is free when the session ends.
    /// </exception>
    public override async Task<bool> Release()
    {
        // Not held any more as far as this owner is concerned, whenever the ensemble learns it.
        if (Interlocked.Exchange(ref _hold, null) is not { } hold) return true;
        var releasing = ReleaseInTurnAsync(hold);
        try
        {
            await releasing.WaitAsync(Settings.TimeoutSettings.OperationTimeout).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException e)
        {
            throw new LeaseTimeoutException($"Lease {Settings.LeaseName} could not be released in time.", e);
        }
        catch (ZabException e)
        {
            throw new LeaseException($"Lease {Settings.LeaseName} could not be released: {e.Message}", e);
        }
    }

    private async Task<bool> AcquireAsync(Action<Exception?>? lost)
    {
        var attempt = new Attempt();
        var acquiring = TakeAsync(lost, attempt);
        try
        {
            return await acquiring.WaitAsync(Settings.TimeoutSettings.OperationTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (attempt.GiveUp())
        {
            throw new LeaseTimeoutException($"Lease {Settings.LeaseName} could not be acquired in time.", e);
        }
        catch (TimeoutException)
        {
            // It came at the last moment.
            return await acquiring.ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZabException or ArgumentException)
        {
            throw new LeaseException($"Lease {Settings.LeaseName} could not be acquired: {e.Message}", e);
        }
    }

    private async Task<bool> TakeAsync(Action<Exception?>? lost, Attempt attempt)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (attempt.IsGivenUp) return false;
            _lost = lost ?? _lost;
            if (CheckLease()) return attempt.Succeed();
            // What was lost may still be there, if nobody but the clock has taken it away.
            await ReleaseAsync(Interlocked.Exchange(ref _hold, null)).ConfigureAwait(false);
            var zab = await _client.ConnectedAsync().ConfigureAwait(false);
            if (await CreateAsync(zab).ConfigureAwait(false) is not { } zxid) return false;
            var hold = new NameHold(zab, _path, zxid);
            if (!attempt.Succeed())
            {
                // Nobody knows that it is held.
                await ReleaseAsync(hold).ConfigureAwait(false);
                return false;
            }
            _hold = hold;
            hold.Lost.Register(OnLost, hold);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ReleaseInTurnAsync(NameHold hold)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            await hold.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private static Task ReleaseAsync(NameHold? hold) => hold?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    private void OnLost(object? hold)
    {
        if (ReferenceEquals(_hold, hold)) _lost?.Invoke(null);
    }

    /// <summary>Creates the znode; null if another owner has it.</summary>
    private async Task<long?> CreateAsync(ZabClient zab)
    {
        var owner = Encoding.UTF8.GetBytes(Settings.OwnerName);
        while (true)
        {
            try
            {
                var created = await zab.CreateAsync(_path, owner, CreateMode.Ephemeral).ConfigureAwait(false);
                return created.Stat.CreatedZxid;
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode)
            {
                await zab.CreatePathAsync(_path[.._path.LastIndexOf('/')]).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                await zab.SyncAsync().ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.NodeExists)
            {
                var reply = await zab.CallAsync(new GetData(_path), default).ConfigureAwait(false);
                if (reply is not DataReply there) continue;
                if (there.Stat.EphemeralOwner == zab.SessionId) return there.Stat.CreatedZxid;
                if (!there.Data.AsSpan().SequenceEqual(owner)) return null;
                await TakeOverAsync(zab, there.Stat).ConfigureAwait(false);
            }
        }
    }

    // From an earlier run of this owner, whose session has not expired yet.
    private async Task TakeOverAsync(ZabClient zab, Stat earlier)
    {
        try
        {
            await zab.DeleteAsync(_path, earlier.Version).ConfigureAwait(false);
        }
        catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.BadVersion or ZabError.ConnectionLoss)
        {
            // Look again.
        }
    }

    private async Task TryAsync(string folder)
    {
        try
        {
            var zab = await _client.ConnectedAsync().ConfigureAwait(false);
            await zab.CreatePathAsync(folder).ConfigureAwait(false);
            var trial = await zab.CreateAsync($"{folder}/trial-", null, CreateMode.EphemeralSequential)
                .ConfigureAwait(false);
            await zab.DeleteAsync(trial.Path).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZabException or ArgumentException or Configuration.ConfigurationException)
        {
            _log.Warning("Lease {0} cannot be used: {1}", Settings.LeaseName, e.Message);
        }
    }

    /// <summary>Whoever asks for the lease waits only so long; who comes first, the answer or the end of it?</summary>
    private sealed class Attempt
    {
        private const int Succeeded = 1, GivenUp = 2;
        private int _state;

        public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

        public bool Succeed() => Interlocked.CompareExchange(ref _state, Succeeded, 0) != GivenUp;

        public bool GiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, 0) != Succeeded;
    }
}
