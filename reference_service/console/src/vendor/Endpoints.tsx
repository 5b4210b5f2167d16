import type { Endpoint } from "../api/types";
import { formatPrice } from "../shared/formats";

/** What a vendor offers; an endpoint without a price of its own costs the vendor's. */
export function Endpoints({ endpoints, price }: { endpoints: Endpoint[]; price: number }) {
  return (
    <section className="detail-section" aria-labelledby="endpoints-title">
      <h3 id="endpoints-title">Endpoints and prices</h3>
      {endpoints.length === 0 ? (
        <p className="muted">None are listed. A request costs {formatPrice(price)}.</p>
      ) : (
        <div className="scroll-sideways" role="group" aria-label="Table of endpoints" tabIndex={0}>
          <table className="endpoints">
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col">Path</th>
                <th scope="col">What it does</th>
                <th scope="col" className="endpoints__price">
                  Price
                </th>
              </tr>
            </thead>
            <tbody>
              {endpoints.map((endpoint) => (
                <tr key={`${endpoint.method} ${endpoint.path}`}>
                  <td className="mono">{endpoint.method}</td>
                  <td className="mono">{endpoint.path}</td>
                  <td>
                    {endpoint.name}
                    {endpoint.description && <span className="muted"> {endpoint.description}</span>}
                  </td>
                  <td className="endpoints__price mono">{formatPrice(endpoint.priceUsd ?? price)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
