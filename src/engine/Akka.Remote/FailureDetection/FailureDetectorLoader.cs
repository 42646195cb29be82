using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Makes the failure detector that the configuration names.</summary>
public static class FailureDetectorLoader
{
    /// <summary>
    /// An instance of the class <paramref name="fqcn"/>, which derives from <see cref="FailureDetector"/> and has a
    /// constructor for the configuration and the event stream.
    /// </summary>
    /// <exception cref="ConfigurationException">There is no such class.</exception>
    public static FailureDetector Load(string fqcn, Config config, ActorSystem system)
    {
        var constructor = Type.GetType(fqcn)?.GetConstructor([typeof(Config), typeof(EventStream)]);
        if (constructor is null || !typeof(FailureDetector).IsAssignableFrom(constructor.DeclaringType))
            throw new ConfigurationException(
                $"[{fqcn}] is no failure detector with a constructor for Config and EventStream.");
        try
        {
            return (FailureDetector)constructor.Invoke([config, system.EventStream]);
        }
        catch (System.Reflection.TargetInvocationException e) when (e.InnerException is ConfigurationException inner)
        {
            throw new ConfigurationException($"[{fqcn}]: {inner.Message}", inner);
        }
    }

    /// <summary>As <see cref="Load"/>, for an actor.</summary>
    public static FailureDetector LoadFailureDetector(this IActorContext context, string fqcn, Config config) =>
        Load(fqcn, config, context.System);
}
