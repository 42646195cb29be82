namespace Akka.Coordination;

/// <summary>How something uses a lease.</summary>
public sealed class LeaseUsageSettings
{
    /// <param name="leaseImplementation">The path of the lease's section in the configuration.</param>
    /// <param name="leaseRetryInterval">The pause before it is tried again.</param>
    public LeaseUsageSettings(string leaseImplementation, TimeSpan leaseRetryInterval)
    {
        LeaseImplementation = leaseImplementation;
        LeaseRetryInterval = leaseRetryInterval;
    }

    /// <summary>The path of the lease's section in the configuration.</summary>
    public string LeaseImplementation { get; }

    /// <summary>The pause before it is tried again.</summary>
    public TimeSpan LeaseRetryInterval { get; }

    /// <inheritdoc/>
    public override string ToString() => $"LeaseUsageSettings({LeaseImplementation}, {LeaseRetryInterval})";
}
