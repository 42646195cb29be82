using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Akka.Zab.Client.Recipes;

/// <summary>Services, and which instances of them there are: an instance is listed while its session lives.</summary>
/// <param name="zab">The client.</param>
/// <param name="path">A znode for this registry alone, such as <c>/services</c>; created when missing.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabServiceRegistry(ZabClient zab, string path, TimeProvider? time = null)
{
    private readonly string _path = Paths.Check(path);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Lists an instance. Dispose of the result to take it off the list.</summary>
    /// <param name="service">The service: one component of a path.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="health">Asked again and again whether the instance can serve; null if it always can.</param>
    /// <param name="interval">How often it is asked. Default 5 s.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <remarks>If the connection breaks meanwhile, it finds out whether it is on the list.</remarks>
    /// <exception cref="NodeExistsException">
    /// There is an instance of that id: wait for the end of its session, or choose another.
    /// </exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the ACLs do not let this client read whether it is on the list.
    /// </exception>
    /// <exception cref="SessionExpiredException">The session is over; it is not on the list.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client register.</exception>
    /// <exception cref="ArgumentException">
    /// The service or the id of the instance cannot be a component of a path.
    /// </exception>
    public async Task<ServiceRegistration> RegisterAsync(
        string service, ServiceInstance instance, Func<CancellationToken, Task<bool>>? health = null,
        TimeSpan? interval = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var group = Group(service);
        if (health is not null)
        {
            var healthy = await IsHealthyAsync(health, cancellation).ConfigureAwait(false);
            instance = instance with { Healthy = healthy };
        }
        var membership = await group.JoinAsync(instance.Id, Write(instance), cancellation).ConfigureAwait(false);
        return new ServiceRegistration(group, membership, instance, health, interval ?? TimeSpan.FromSeconds(5), _time);
    }

    /// <summary>The instances of a service, in ordinal order of their ids.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<IReadOnlyList<ServiceInstance>> GetInstancesAsync(
        string service, CancellationToken cancellation = default) =>
        Read(await Group(service).GetMembersAsync(cancellation).ConfigureAwait(false));

    /// <summary>The instances of a service as they are now, and again whenever one comes, goes or changes.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ServiceInstance>> WatchAsync(
        string service, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var members in Group(service).WatchAsync(cancellation).ConfigureAwait(false))
            yield return Read(members);
    }

    internal static byte[] Write(ServiceInstance instance) =>
        JsonSerializer.SerializeToUtf8Bytes(instance, ServiceInstanceJson.Default.ServiceInstance);

    internal static async Task<bool> IsHealthyAsync(
        Func<CancellationToken, Task<bool>> health, CancellationToken cancellation)
    {
        try
        {
            return await health(cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, this is no sign of health.
            return false;
        }
    }

    private ZabGroup Group(string service) => new(zab, Paths.Check(Paths.Child(_path, service)));

    // What somebody else has put there is no instance, and no reason to hide the others.
    private static List<ServiceInstance> Read(IReadOnlyList<GroupMember> members)
    {
        var instances = new List<ServiceInstance>(members.Count);
        foreach (var member in members)
        {
            try
            {
                var json = ServiceInstanceJson.Default.ServiceInstance;
                if (JsonSerializer.Deserialize(member.Data, json) is { } instance) instances.Add(instance);
            }
            catch (JsonException)
            {
                continue;
            }
        }
        return instances;
    }
}

/// <summary>An instance that is on the list.</summary>
public sealed class ServiceRegistration : IAsyncDisposable
{
    private readonly ZabGroup _group;
    private readonly Hold _membership;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _one = new(1);
    private readonly bool _isChecked;
    private readonly Task _checking;
    private volatile ServiceInstance _said;
    private int _disposed;

    internal ServiceRegistration(
        ZabGroup group, Hold membership, ServiceInstance instance, Func<CancellationToken, Task<bool>>? health,
        TimeSpan interval, TimeProvider time)
    {
        _group = group;
        _membership = membership;
        _said = instance;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(membership.Lost);
        _isChecked = health is not null;
        _checking = health is null ? Task.CompletedTask : CheckAsync(health, interval, time);
    }

    /// <summary>Cancelled when the instance is off the list because its session is over.</summary>
    public CancellationToken Lost => _membership.Lost;

    /// <summary>Says something else of the instance.</summary>
    /// <param name="instance">
    /// The instance, with the same id. If its health is asked for, the answer counts, and not what this one says of it.
    /// </param>
    /// <param name="cancellation">Stops the waiting; it may still be said.</param>
    /// <exception cref="NoNodeException">
    /// It is not on the list any more; whoever has the id now is left alone.
    /// </exception>
    /// <exception cref="ConnectionLossException">It may have been said: say it again.</exception>
    /// <exception cref="SessionExpiredException">The session is over; it is not on the list any more.</exception>
    public Task UpdateAsync(ServiceInstance instance, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return SayAsync(
            said => _isChecked ? instance with { Healthy = said.Healthy } : instance, cancellation);
    }

    /// <summary>Takes it off the list.</summary>
    /// <remarks>
    /// If the connection is broken, it waits for the next one, or for the end of the session, which takes it off, too.
    /// </remarks>
    /// <exception cref="NoAuthException">
    /// The ACLs do not let this client delete what stands for it: it stays on the list until the session ends.
    /// </exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _checking.ConfigureAwait(false);
        await _membership.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    // One after the other: else what the one says would be taken back by what the other has not heard of.
    private async Task SayAsync(Func<ServiceInstance, ServiceInstance> change, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var instance = change(_said);
            await _group.UpdateAsync(_membership, ZabServiceRegistry.Write(instance), cancellation)
                .ConfigureAwait(false);
            _said = instance;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task CheckAsync(Func<CancellationToken, Task<bool>> health, TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var healthy = await ZabServiceRegistry.IsHealthyAsync(health, _stop.Token).ConfigureAwait(false);
                if (healthy == _said.Healthy) continue;
                try
                {
                    await SayAsync(said => said with { Healthy = healthy }, _stop.Token).ConfigureAwait(false);
                }
                catch (ConnectionLossException)
                {
                    // Told or not: it is told again at the next tick.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ZabException)
        {
            // Off the list, or about to be.
        }
    }
}
