using System.Collections.Concurrent;
using Akka.Coordination;

namespace Akka.Engine.Tests.Cluster;

/// <summary>A lease that the nodes of one process share.</summary>
public sealed class SharedLease(LeaseSettings settings) : Lease(settings)
{
    /// <summary>Who holds which lease.</summary>
    public static ConcurrentDictionary<string, string> Holders { get; } = new();

    /// <summary>By whom which lease was released.</summary>
    public static ConcurrentDictionary<string, TaskCompletionSource<string>> Released { get; } = new();

    public override Task<bool> Acquire() =>
        Task.FromResult(Holders.GetOrAdd(Settings.LeaseName, Settings.OwnerName) == Settings.OwnerName);

    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) => Acquire();

    public override Task<bool> Release()
    {
        Holders.TryRemove(new(Settings.LeaseName, Settings.OwnerName));
        Released.GetOrAdd(Settings.LeaseName, _ => new()).TrySetResult(Settings.OwnerName);
        return Task.FromResult(true);
    }

    public override bool CheckLease() =>
        Holders.TryGetValue(Settings.LeaseName, out var holder) && holder == Settings.OwnerName;
}
