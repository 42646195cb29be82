using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// How to make an actor: its class, what its constructor gets, and where it runs. Never changes once made.
/// </summary>
public class Props : IEquatable<Props>, ISurrogated
{
    public static readonly Props None = null!;

    static readonly object[] NoArguments = [];

    readonly Producer _producer;

    public Props(Type type, params object[] args)
        : this(Deploy.Local, null, new ByConstructor(type, args ?? NoArguments))
    {
    }

    public Props(Type type, SupervisorStrategy supervisorStrategy, params object[] args)
        : this(Deploy.Local, supervisorStrategy, new ByConstructor(type, args ?? NoArguments))
    {
    }

    public Props(Deploy deploy, Type type, params object[] args)
        : this(deploy, null, new ByConstructor(type, args ?? NoArguments))
    {
    }

    Props(Deploy deploy, SupervisorStrategy? supervisorStrategy, Producer producer)
    {
        Deploy = deploy;
        SupervisorStrategy = supervisorStrategy;
        _producer = producer;
    }

    /// <summary>Props of an actor that handles nothing.</summary>
    public static Props Empty { get; } = Create<EmptyActor>();

    public Type Type => _producer.ActorType;

    public string TypeName => Type.TypeQualifiedName();

    public object[] Arguments => _producer.Arguments;

    /// <summary>The section of the configuration that describes the dispatcher.</summary>
    public string Dispatcher => Deploy.Dispatcher is { Length: > 0 } id && id != Deploy.NoDispatcherGiven
        ? id
        : Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>The section of the configuration that describes the mailbox, if one is given.</summary>
    public string Mailbox => Deploy.Mailbox;

    public Deploy Deploy { get; }

    /// <summary>Overrides the actor's own strategy; null leaves that in force.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    /// <summary>From an expression that calls the actor's constructor. The arguments are evaluated now, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } call)
            throw new ArgumentException("Props.Create wants an expression that calls a constructor, as in () => new "
                + $"{typeof(TActor).Name}(...).", nameof(factory));
        var arguments = call.Arguments.Count == 0 ? NoArguments : [.. call.Arguments.Select(Evaluate)];
        return new Props(Deploy.Local, supervisorStrategy, new ByConstructor(typeof(TActor), arguments, constructor));
    }

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => Create(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy);

    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new Props(type, args);
    }

    /// <summary>From a factory of one's own, asked anew for every incarnation.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(Deploy.Local, null, new ByFactory(producer, args ?? NoArguments));
    }

    [Obsolete("Use the overload that takes a producer.")]
    public static Props CreateBy<TProducer>(params object[] args) where TProducer : class, IIndirectActorProducer =>
        CreateBy((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!, args);

    public Props WithDispatcher(string dispatcher) => With(Deploy.WithDispatcher(dispatcher));

    public Props WithMailbox(string mailbox) => With(Deploy.WithMailbox(mailbox));

    public Props WithStashCapacity(int stashCapacity) => With(Deploy.WithStashCapacity(stashCapacity));

    /// <summary>With these settings, and those of the present deployment where they say nothing.</summary>
    public Props WithDeploy(Deploy deploy) => With(deploy.WithFallback(Deploy));

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        new(Deploy, supervisorStrategy, _producer);

    /// <exception cref="TypeLoadException">The constructor's arguments do not fit the class.</exception>
    public virtual ActorBase NewActor() => _producer.Produce();

    internal void Release(ActorBase actor) => _producer.Release(actor);

    public bool Equals(Props? other) => other is not null
        && (ReferenceEquals(this, other)
            || (Type == other.Type && Deploy.Equals(other.Deploy) && Arguments.SequenceEqual(other.Arguments)));

    public override bool Equals(object? obj) => obj is Props other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, Deploy, Arguments.Length);

    public ISurrogate ToSurrogate(ActorSystem system) => new PropsSurrogate { Type = Type, Arguments = Arguments };

    Props With(Deploy deploy) => new(deploy, SupervisorStrategy, _producer);

    static object Evaluate(Expression argument) => argument switch
    {
        ConstantExpression constant => constant.Value!,
        MemberExpression { Expression: ConstantExpression closure, Member: FieldInfo field } =>
            field.GetValue(closure.Value)!,
        _ => Expression.Lambda<Func<object>>(Expression.Convert(argument, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };

    abstract class Producer
    {
        public abstract Type ActorType { get; }

        public abstract object[] Arguments { get; }

        public abstract ActorBase Produce();

        public virtual void Release(ActorBase actor)
        {
        }
    }

    sealed class ByConstructor(Type type, object[] arguments, ConstructorInfo? constructor = null) : Producer
    {
        ConstructorInvoker? _invoker = constructor is null ? null : ConstructorInvoker.Create(constructor);

        public override Type ActorType => type;

        public override object[] Arguments => arguments;

        public override ActorBase Produce()
        {
            try
            {
                return (ActorBase)(_invoker ??= Find()).Invoke(new Span<object?>(arguments))!;
            }
            catch (Exception e) when (e is MissingMethodException or InvalidCastException)
            {
                throw new TypeLoadException($"An instance of {type} could not be made from {Described()}: {e.Message}",
                    e);
            }
        }

        ConstructorInvoker Find()
        {
            if (type.IsAbstract || !typeof(ActorBase).IsAssignableFrom(type))
                throw new ArgumentException($"{type} is not an actor class that can be instantiated.");
            const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            var fitting = type.GetConstructors(any).Where(c => Fits(c.GetParameters())).ToArray();
            if (fitting.Length > 1)
                fitting = [.. fitting.OrderByDescending(Exactness)];
            return fitting.Length > 0
                ? ConstructorInvoker.Create(fitting[0])
                : throw new MissingMethodException($"{type} has no constructor that takes {Described()}.");
        }

        bool Fits(ParameterInfo[] parameters) =>
            parameters.Length == arguments.Length && parameters.Zip(arguments).All(p =>
            p.Second is null
                ? !p.First.ParameterType.IsValueType || Nullable.GetUnderlyingType(p.First.ParameterType) is not null
                : p.First.ParameterType.IsInstanceOfType(p.Second));

        int Exactness(ConstructorInfo candidate) =>
            candidate.GetParameters().Zip(arguments).Count(p => p.First.ParameterType == p.Second?.GetType());

        string Described() => "(" + string.Join(", ", arguments.Select(a => a?.GetType().Name ?? "null")) + ")";
    }

    sealed class ByFactory(IIndirectActorProducer factory, object[] arguments) : Producer
    {
        public override Type ActorType => factory.ActorType;

        public override object[] Arguments => arguments;

        public override ActorBase Produce() => factory.Produce();

        public override void Release(ActorBase actor) => factory.Release(actor);
    }

    sealed class EmptyActor : ActorBase
    {
        protected override bool Receive(object message) => false;
    }

    /// <summary>Props as they travel.</summary>
    public class PropsSurrogate : ISurrogate
    {
        public Type Type { get; set; } = null!;

        public object[] Arguments { get; set; } = NoArguments;

        public ISurrogated FromSurrogate(ActorSystem system) => new Props(Type, Arguments);
    }
}

/// <summary>Makes actors in a way of its own, as from a container.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}
