using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>
/// On a plug-in of this engine: checks its configuration before its actor is started, so that what is wrong with it is
/// an exception where the plug-in is asked for, and not silence until a recovery times out.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
abstract class PluginCheckAttribute : Attribute
{
    /// <exception cref="ConfigurationException">With the sentence to show.</exception>
    public abstract void Check(Config config);
}
