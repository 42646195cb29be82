namespace Hyperion;

/// <summary>Replaces objects of one type on the wire by objects of another.</summary>
public class Surrogate
{
    /// <summary>The type that is replaced.</summary>
    public Type From { get; private protected init; } = typeof(object);

    /// <summary>The type that travels.</summary>
    public Type To { get; private protected init; } = typeof(object);

    /// <summary>From the object to what travels.</summary>
    public Func<object, object> ToSurrogate { get; private protected init; } = static o => o;

    /// <summary>From what travelled to the object.</summary>
    public Func<object, object> FromSurrogate { get; private protected init; } = static o => o;

    /// <summary>A surrogate out of two functions.</summary>
    public static Surrogate Create<TSource, TSurrogate>(
        Func<TSource, TSurrogate> toSurrogate, Func<TSurrogate, TSource> fromSurrogate) =>
        new Surrogate<TSource, TSurrogate>(toSurrogate, fromSurrogate);

    /// <summary>Whether objects of the type are replaced.</summary>
    public bool IsSurrogateFor(Type type) => From.IsAssignableFrom(type);
}

/// <summary>A surrogate for everything that is assignable to <typeparamref name="TSource"/>.</summary>
public class Surrogate<TSource, TSurrogate> : Surrogate
{
    /// <summary>A surrogate out of two functions.</summary>
    public Surrogate(Func<TSource, TSurrogate> toSurrogate, Func<TSurrogate, TSource> fromSurrogate)
    {
        ToSurrogate = o => toSurrogate((TSource)o)!;
        FromSurrogate = o => fromSurrogate((TSurrogate)o)!;
        From = typeof(TSource);
        To = typeof(TSurrogate);
    }
}
