using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>The name, the owner and the times of a lease.</summary>
public sealed class LeaseSettings
{
    /// <param name="leaseName">What is held.</param>
    /// <param name="ownerName">Who holds it, such as the address of an actor system.</param>
    /// <param name="timeoutSettings">Its times.</param>
    /// <param name="leaseConfig">The section of the configuration that it was made from.</param>
    public LeaseSettings(string leaseName, string ownerName, TimeoutSettings timeoutSettings, Config leaseConfig)
    {
        LeaseName = leaseName;
        OwnerName = ownerName;
        TimeoutSettings = timeoutSettings;
        LeaseConfig = leaseConfig;
    }

    /// <summary>What is held.</summary>
    public string LeaseName { get; }

    /// <summary>Who holds it.</summary>
    public string OwnerName { get; }

    /// <summary>Its times.</summary>
    public TimeoutSettings TimeoutSettings { get; }

    /// <summary>The section of the configuration that it was made from.</summary>
    public Config LeaseConfig { get; }

    /// <summary>Settings from a section of the configuration.</summary>
    /// <exception cref="ConfigurationException">The section is empty, or lacks a time.</exception>
    public static LeaseSettings Create(Config config, string leaseName, string ownerName) =>
        new(leaseName, ownerName, TimeoutSettings.Create(config), config);

    /// <summary>The same with other times.</summary>
    public LeaseSettings WithTimeoutSettings(TimeoutSettings timeoutSettings) =>
        new(LeaseName, OwnerName, timeoutSettings, LeaseConfig);

    /// <inheritdoc/>
    public override string ToString() => $"LeaseSettings({LeaseName}, {OwnerName}, {TimeoutSettings})";
}
