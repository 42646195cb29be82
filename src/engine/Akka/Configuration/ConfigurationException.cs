using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration that cannot be read, or that lacks what somebody needs from it.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message)
        : base(message, null)
    {
    }

    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }

    /// <summary>The error of a component whose section of the configuration is missing.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null) =>
        new(string.IsNullOrWhiteSpace(path)
            ? $"{typeof(T).Name} cannot start: its configuration is missing or empty."
            : $"{typeof(T).Name} cannot start: the configuration has no section '{path}'.");
}
