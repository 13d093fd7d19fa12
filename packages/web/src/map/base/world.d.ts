/** Addresses of what the build makes of the world: see world.ts beside vite.config.ts. */
declare module 'virtual:world/*' {
  const address: string;
  export default address;
}
declare module '*?url' {
  const address: string;
  export default address;
}
declare module '*?worker&url' {
  const address: string;
  export default address;
}
