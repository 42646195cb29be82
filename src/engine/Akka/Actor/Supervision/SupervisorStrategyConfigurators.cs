namespace Akka.Actor;

/// <summary>Makes the strategy of /user; akka.actor.guardian-supervisor-strategy names the class.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();

    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        const string use = "akka.actor.guardian-supervisor-strategy";
        return TypeNames.Make<SupervisorStrategyConfigurator>(TypeNames.Find(typeName, use), use);
    }
}

/// <summary>The strategy that actors have unless they say otherwise.</summary>
public sealed class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>Stops every child that fails.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
