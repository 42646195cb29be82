using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;
using Akka.Event;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Discovery;

/// <summary>
/// A method of Akka.Discovery that finds what is in a <see cref="ZabServiceRegistry"/>, and lists its own node there if
/// it is to. Its section of the configuration, with the defaults:
/// <code>
/// akka.discovery.method = zab
/// akka.discovery.zab {
///   class = "Akka.Zab.Client.Discovery.ZabServiceDiscovery, Akka.Zab.Client"
///   servers = []           # addresses of actor systems; empty for what akka.zab.client says
///   connect-string = ""    # or, over ZooKeeper's protocol: host:port,host:port/chroot
///   session-timeout = 10s  # an instance that dies is off the list after this; unless given, that of akka.zab.client
///   path = "/services"     # the registry's znode
///   register {             # lists this node from when the method is first used
///     service = ""         # under this name; empty to list nothing
///     address = ""         # empty for the actor system's own, such as akka.tcp://orders@10.0.0.1:4051
///     id = ""              # unique within the service; empty for the address's host:port
///     metadata {}          # whatever else; port.management = 8558 is a port with a name
///   }
/// }
/// </code>
/// </summary>
/// <remarks>
/// A look-up gives the healthy instances, in the order of their ids. A port's name asks for those that have such a port
/// (<c>port.NAME</c> in their metadata); without one it is the port of the address. A protocol asks for those that name
/// no other (<c>protocol</c> in their metadata).
/// <para>
/// The first look-up of a service reads it and leaves watches, by which later ones are answered at once; while the
/// connection is broken, with what was last seen. Nothing of that name is an empty answer; a look-up that gets none in
/// its time fails with <see cref="TimeoutException"/>, and one that the servers refuse with a <see cref="ZabException"/>.
/// Leases and discovery that name the same servers share one session, which is closed with the actor system.
/// </para>
/// </remarks>
public sealed class ZabServiceDiscovery : ServiceDiscovery
{
    private readonly ConcurrentDictionary<string, WatchedService> _services = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SharedClient _client;
    private readonly string _path;

    /// <summary>Made by Akka.Discovery.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="config">The method's section.</param>
    /// <exception cref="ConfigurationException">A setting is wrong; the message is one sentence that names it.</exception>
    public ZabServiceDiscovery(ExtendedActorSystem system, Config config)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(config);
        _path = DiscoverySettings.Path(config);
        var registered = DiscoverySettings.Registered(system, config);
        _client = SharedClients.Get(system).ClientOf(config);
        system.RegisterOnTermination(_stop.Cancel);
        if (registered is not var (service, instance)) return;
        var listing = new OwnListing(
            async () => new ZabServiceRegistry(await _client.ConnectedAsync().ConfigureAwait(false), _path),
            service, instance, Logging.GetLogger(system, typeof(ZabServiceDiscovery)));
        // Off the list before it stops to serve.
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind, "zab-take-off-the-list", async () =>
            {
                await listing.EndAsync().ConfigureAwait(false);
                return Done.Instance;
            });
        system.RegisterOnTermination(() => _ = listing.EndAsync());
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">There was no answer within <paramref name="resolveTimeout"/>.</exception>
    /// <exception cref="ZabException">The servers refuse it.</exception>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        var service = _services.GetOrAdd(lookup.ServiceName, name => new WatchedService(() => WatchAsync(name)));
        try
        {
            var instances = await service.InstancesAsync().WaitAsync(resolveTimeout).ConfigureAwait(false);
            return new Resolved(lookup.ServiceName, Targets.Of(lookup, instances));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No server has said within {resolveTimeout} where {lookup.ServiceName} is.");
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ServiceInstance>> WatchAsync(
        string service, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellation);
        var zab = await _client.ConnectedAsync().WaitAsync(either.Token).ConfigureAwait(false);
        var registry = new ZabServiceRegistry(zab, _path);
        await foreach (var instances in registry.WatchAsync(service, either.Token).ConfigureAwait(false))
            yield return instances;
    }
}
